namespace Atenea.Cli;

/// <summary>The second column of tasks that need pairs.</summary>
internal static class PairColumns
{
    /// <summary>The column where none is named, as for two texts of the command line.</summary>
    public const string Usual = "pair";
}
