using System.Text.Json;

namespace Atenea.Hub;

/// <summary>One file of a repository on the hub.</summary>
/// <param name="Name">Its name, with slashes between the parts.</param>
/// <param name="Size">Bytes, or null when the hub does not tell.</param>
public sealed record RemoteFile(string Name, long? Size);

/// <summary>What the hub tells about a repository at one revision.</summary>
/// <param name="Summary">The columns that a search shows too.</param>
/// <param name="Commit">The commit that the revision is at.</param>
/// <param name="Files">All its files.</param>
/// <param name="Architectures">Class names of its config.json.</param>
/// <param name="ModelType">Family of its config.json.</param>
/// <param name="Parameters">Parameters by storage type, as the hub counted them in its safetensors; empty where it did not.</param>
public sealed record RepositoryInfo(
    RepositorySummary Summary, string Commit, IReadOnlyList<RemoteFile> Files, IReadOnlyList<string> Architectures, string? ModelType,
    IReadOnlyDictionary<string, long> Parameters);

/// <summary>A line of a search: what helps to choose between repositories.</summary>
/// <param name="Id">The repository.</param>
/// <param name="Downloads">Downloads of the last thirty days.</param>
/// <param name="Likes">Users who like it.</param>
/// <param name="License">Its licence, as its card states it.</param>
/// <param name="Task">Pipeline tag of a model, task categories of a data set.</param>
/// <param name="Library">The library that a model is for.</param>
/// <param name="Created">Day of creation.</param>
/// <param name="Modified">Day of the last change.</param>
/// <param name="Gated">Whether conditions must be accepted first.</param>
/// <param name="Private">Whether only some may see it.</param>
public sealed record RepositorySummary(
    string Id, long? Downloads, long? Likes, string? License, string? Task, string? Library, DateTimeOffset? Created,
    DateTimeOffset? Modified, bool Gated, bool Private)
{
    private const string LicenseTag = "license:";
    private const string TaskTag = "task_categories:";

    /// <summary>Reads a line of the hub's answer; what is missing or of another kind is left out.</summary>
    internal static RepositorySummary? Read(JsonElement json)
    {
        if ((json.Text("id") ?? json.Text("modelId")) is not { } id) return null;
        string[] tags = [.. json.Items("tags").Where(t => t.ValueKind == JsonValueKind.String).Select(t => t.GetString()!)];
        string[] tasks = [.. tags.Where(t => t.StartsWith(TaskTag, StringComparison.Ordinal)).Select(t => t[TaskTag.Length..])];
        string? license = json.Member("cardData")?.Text("license")
            ?? tags.FirstOrDefault(t => t.StartsWith(LicenseTag, StringComparison.Ordinal))?[LicenseTag.Length..];
        return new RepositorySummary(
            id, json.Number("downloads"), json.Number("likes"), license,
            json.Text("pipeline_tag") ?? (tasks.Length == 0 ? null : string.Join(", ", tasks)), json.Text("library_name"),
            json.Date("createdAt"), json.Date("lastModified"),
            json.Member("gated") is { ValueKind: not (JsonValueKind.False or JsonValueKind.Null) },
            json.Member("private")?.ValueKind == JsonValueKind.True);
    }
}
