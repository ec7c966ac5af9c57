namespace Atenea.Hub;

/// <summary>What a request is about, for messages.</summary>
/// <param name="Kind">Model or data set; null for a search.</param>
/// <param name="Id">The repository.</param>
/// <param name="Revision">The revision asked for.</param>
/// <param name="File">The file asked for.</param>
internal sealed record HubTarget(RepositoryKind? Kind = null, string Id = "", string? Revision = null, string? File = null)
{
    /// <summary>The name that people know it by.</summary>
    public override string ToString() => Kind is null
        ? "the search"
        : $"{(Kind == RepositoryKind.Model ? "model" : "data set")} '{Id}'"
            + $"{(Revision is null ? "" : $" at '{Revision}'")}{(File is null ? "" : $", file '{File}'")}";
}
