using System.Text.Json;
using System.Text.Json.Nodes;
using Atenea.Errors;
using Atenea.Hub;

namespace Atenea.Training;

/// <summary>The files of a verification case, and what a folder is.</summary>
internal static class CaseFolder
{
    /// <summary>Reference inputs and outputs of a forward/backward case.</summary>
    public const string Tensors = "case.safetensors";

    /// <summary>
    /// What the reference computed from the weights as this very folder stores them; may be absent. A folder that holds the model of
    /// another case in half precision keeps that case's inputs and has outputs of its own.
    /// </summary>
    public const string Expected = "expected.safetensors";

    /// <summary>Facts about a forward/backward case; may be absent, and then there is no noise to measure tolerances by.</summary>
    public const string Facts = "case.json";

    /// <summary>Optimizer settings and expected losses of a training trace.</summary>
    public const string Trace = "trace.json";

    /// <summary>Inputs of a training trace.</summary>
    public const string Batches = "batches.safetensors";

    /// <summary>The weights that a training trace ends with.</summary>
    public const string Final = "final.safetensors";

    /// <summary>The model that a training trace begins with.</summary>
    public const string Initial = "initial";

    /// <summary>Whether a folder is a forward/backward case.</summary>
    public static bool IsForward(string folder) => File.Exists(Path.Combine(folder, Tensors));

    /// <summary>Whether a folder is a training trace.</summary>
    public static bool IsTrace(string folder) => File.Exists(Path.Combine(folder, Trace));

    /// <summary>The cases that paths name: a folder that is one, else the cases directly in it.</summary>
    /// <exception cref="AteneaException">A path is not there, or is the only one and no folder (ATN0401); a folder neither is nor holds a
    /// case (ATN0508).</exception>
    public static IReadOnlyList<string> Find(IReadOnlyList<string> paths)
    {
        var found = new List<string>();
        foreach (string path in paths)
        {
            // A shell's DIR/* names the files beside the cases too: they are no cases, and none is missed by passing them over.
            if (File.Exists(path) && paths.Count > 1) continue;
            if (!Directory.Exists(path)) throw new AteneaException(Catalogue.FileMissing, $"'{path}' is not a folder");
            if (IsCase(path))
            {
                found.Add(path);
                continue;
            }

            string[] inside = [.. Directory.GetDirectories(path).Where(IsCase).Order(StringComparer.Ordinal)];
            if (inside.Length == 0) throw new AteneaException(Catalogue.VerificationCaseInvalid, "it is no case and holds none", path);
            found.AddRange(inside);
        }

        if (found.Count == 0)
            throw new AteneaException(Catalogue.VerificationCaseInvalid, "none of the paths is a folder", string.Join(", ", paths.Take(3)));
        return found;
    }

    private static bool IsCase(string folder) => IsForward(folder) || IsTrace(folder);

    /// <summary>Reads a JSON object of the case.</summary>
    /// <exception cref="AteneaException">The file is missing (ATN04xx) or is not a JSON object (ATN0508).</exception>
    public static JsonObject ReadJson(string path)
    {
        try
        {
            return JsonNode.Parse(FileErrors.ReadText(path)) as JsonObject
                ?? throw new AteneaException(Catalogue.VerificationCaseInvalid, "not a JSON object", path);
        }
        catch (JsonException cause)
        {
            throw new AteneaException(Catalogue.VerificationCaseInvalid, cause.Message, path, inner: cause);
        }
    }

    /// <summary>A value of a JSON object that must be there.</summary>
    /// <exception cref="AteneaException">It is not, or is of another kind (ATN0508).</exception>
    public static T Value<T>(JsonObject json, string key, string path)
    {
        try
        {
            if (json[key] is { } node) return node.GetValue<T>();
        }
        catch (Exception cause) when (cause is InvalidOperationException or FormatException)
        {
            throw new AteneaException(Catalogue.VerificationCaseInvalid, $"'{key}' holds {json[key]!.ToJsonString()}", path, inner: cause);
        }

        throw new AteneaException(Catalogue.VerificationCaseInvalid, $"'{key}' is missing", path);
    }

    /// <summary>A list of names; empty if it is absent.</summary>
    public static HashSet<string> Names(JsonObject json, string key) =>
        json[key] is JsonArray list ? [.. list.Select(item => item!.GetValue<string>())] : [];
}
