using System.Globalization;
using System.Text.RegularExpressions;
using Atenea.Errors;
using Atenea.Hub;

namespace Atenea.Cli.Bench;

/// <summary>A case on a BERT sequence classifier, read from its name: <c>train-bert-base-16x128</c>.</summary>
/// <param name="Training">Whether a training step is measured; else a forward pass.</param>
/// <param name="Size">base, minilm or tiny.</param>
/// <param name="Sequences">Sequences in a batch.</param>
/// <param name="Length">Tokens of every sequence, or null for the lengths of a file.</param>
internal sealed partial record BertCase(bool Training, string Size, int Sequences, int? Length)
{
    /// <summary>The form of the names, for help and messages.</summary>
    public const string Form = "{infer|train}-bert-{base|minilm|tiny}-{BATCH}x{LENGTH|var}";

    private const int Labels = 4;
    private const int MostPositions = 512;

    // What the sizes change in the base model, as (hidden, layers, heads, intermediate).
    private static readonly Dictionary<string, (int Hidden, int Layers, int Heads, int Intermediate)> Shapes = new(StringComparer.Ordinal)
    {
        ["base"] = (768, 12, 12, 3072),
        ["minilm"] = (384, 6, 12, 1536),
        ["tiny"] = (128, 2, 2, 512),
    };

    /// <summary>Reads a name; null if it has another form.</summary>
    /// <exception cref="AteneaException">ATN0801: the form is right and a number is not.</exception>
    public static BertCase? Parse(string name)
    {
        Match match = NamePattern().Match(name);
        if (!match.Success) return null;
        int sequences = Number(match.Groups["batch"].Value, name, 1 << 16);
        int? length = match.Groups["length"].Value == "var" ? null : Number(match.Groups["length"].Value, name, MostPositions);
        return new BertCase(match.Groups["mode"].Value == "train", match.Groups["size"].Value, sequences, length);
    }

    /// <summary>The configuration of the model: BERT's defaults, dropout 0.1 included, with four labels.</summary>
    public ModelConfig Config()
    {
        (int hidden, int layers, int heads, int intermediate) = Shapes[Size];
        ModelConfig config = ModelConfig.Parse("""{"model_type": "bert", "vocab_size": 30522}""", $"bert-{Size}");
        config.Set("hidden_size", hidden);
        config.Set("num_hidden_layers", layers);
        config.Set("num_attention_heads", heads);
        config.Set("intermediate_size", intermediate);
        config.SetLabels([.. Enumerable.Range(0, Labels).Select(i => $"LABEL_{i}")]);
        return config;
    }

    /// <summary>Tokens of the sequences in order: the case's own length, or those of a file with one token count a line.</summary>
    /// <param name="file">The file, for a length <c>var</c>.</param>
    /// <exception cref="AteneaException">No file, unreadable, empty, or a line that is no number of tokens (ATN0103, ATN0401, ATN0206, ATN0202).</exception>
    public int[] Lengths(string? file)
    {
        if (Length is { } length) return [length];
        if (file is null) throw new AteneaException(Catalogue.ArgumentWrong, "a case with length var needs the lengths", "atenea bench", "add --lengths FILE, a file with one token count a line");
        string[] words = FileErrors.ReadText(file).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 0) throw new AteneaException(Catalogue.DatasetEmpty, "no token counts", file);
        return [.. words.Select((word, i) => int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count is >= 1 and <= MostPositions
            ? count
            : throw new AteneaException(Catalogue.DataFileMalformed, $"count {i + 1} is '{word}', not a number from 1 to {MostPositions}", file))];
    }

    private static int Number(string text, string name, int most) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value >= 1 && value <= most
            ? value
            : throw new AteneaException(Catalogue.BenchmarkUnknown, $"'{name}': {text} is not a number from 1 to {most}", "bench");

    [GeneratedRegex("^(?<mode>infer|train)-bert-(?<size>base|minilm|tiny)-(?<batch>[0-9]+)x(?<length>[0-9]+|var)$")]
    private static partial Regex NamePattern();
}
