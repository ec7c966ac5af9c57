using System.Globalization;
using System.Text.RegularExpressions;
using Atenea.Errors;
using Atenea.Hub;

namespace Atenea.Cli;

/// <summary>A case on a sequence classifier, read from its name: <c>train-bert-base-16x128</c>.</summary>
/// <param name="Training">Whether a training step is measured; else a forward pass.</param>
/// <param name="Model">Family and size, a key of the table below.</param>
/// <param name="Sequences">Sequences in a batch.</param>
/// <param name="Length">Tokens of every sequence, or null for the lengths of a file.</param>
internal sealed partial record ModelCase(bool Training, string Model, int Sequences, int? Length)
{
    private const int MostPositions = 512;

    // Number of labels, and what the peer kit sets in the family's configuration: the rest, dropout included, is the family's default.
    private static readonly Dictionary<string, (int Labels, string Config)> Models = new(StringComparer.Ordinal)
    {
        ["bert-base"] = (4, """{"model_type": "bert"}"""),
        ["bert-minilm"] = (4, """{"model_type": "bert", "hidden_size": 384, "num_hidden_layers": 6, "intermediate_size": 1536}"""),
        ["bert-tiny"] = (4, """
            {
              "model_type": "bert", "hidden_size": 128, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 512
            }
            """),
        ["distilbert-base"] = (4, """{"model_type": "distilbert"}"""),
        ["roberta-base"] = (2, """{"model_type": "roberta", "vocab_size": 50265, "max_position_embeddings": 514, "type_vocab_size": 1}"""),
        ["deberta-base"] = (2, """
            {
              "model_type": "deberta-v2", "hidden_size": 768, "num_hidden_layers": 12, "num_attention_heads": 12, "intermediate_size": 3072,
              "relative_attention": true, "position_buckets": 256, "norm_rel_ebd": "layer_norm", "share_att_key": true,
              "pos_att_type": ["p2c", "c2p"], "position_biased_input": false
            }
            """),
        ["modernbert-base"] = (2, """{"model_type": "modernbert"}"""),
    };

    /// <summary>The form of the names, for help and messages.</summary>
    public static string Form { get; } = $"{{infer|train}}-{{{string.Join('|', Models.Keys)}}}-{{BATCH}}x{{LENGTH|var}}";

    /// <summary>Reads a name; null if it has another form.</summary>
    /// <exception cref="AteneaException">ATN0801: the form is right and a number is not.</exception>
    public static ModelCase? Parse(string name)
    {
        Match match = NamePattern().Match(name);
        if (!match.Success || !Models.ContainsKey(match.Groups["model"].Value)) return null;
        int sequences = Number(match.Groups["batch"].Value, name, 1 << 16);
        int? length = match.Groups["length"].Value == "var" ? null : Number(match.Groups["length"].Value, name, MostPositions);
        return new ModelCase(match.Groups["mode"].Value == "train", match.Groups["model"].Value, sequences, length);
    }

    /// <summary>The configuration of the model.</summary>
    public ModelConfig Config()
    {
        (int labels, string json) = Models[Model];
        ModelConfig config = ModelConfig.Parse(json, Model);
        config.SetLabels([.. Enumerable.Range(0, labels).Select(i => $"LABEL_{i}")]);
        return config;
    }

    /// <summary>Tokens of the sequences in order: the case's own length, or those of a file with one token count a line.</summary>
    /// <param name="file">The file, for a length <c>var</c>.</param>
    /// <exception cref="AteneaException">No file, unreadable, empty, or a line that is no number of tokens (ATN0103, ATN0401, ATN0206,
    /// ATN0202).</exception>
    public int[] Lengths(string? file)
    {
        if (Length is { } length) return [length];
        if (file is null)
        {
            throw new AteneaException(Catalogue.ArgumentWrong,
                "a case with length var needs the lengths", "atenea bench", "add --lengths FILE, a file with one token count a line");
        }

        string[] words = FileErrors.ReadText(file).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 0) throw new AteneaException(Catalogue.DatasetEmpty, "no token counts", file);
        return [.. words.Select((word, i) => Number(word, MostPositions)
            ?? throw new AteneaException(
                Catalogue.DataFileMalformed, $"count {i + 1} is '{word}', not a number from 1 to {MostPositions}", file))];
    }

    private static int Number(string text, string name, int most) => Number(text, most)
        ?? throw new AteneaException(Catalogue.BenchmarkUnknown, $"'{name}': {text} is not a number from 1 to {most}", "bench");

    private static int? Number(string text, int most) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value >= 1 && value <= most ? value : null;

    [GeneratedRegex("^(?<mode>infer|train)-(?<model>[a-z]+-[a-z]+)-(?<batch>[0-9]+)x(?<length>[0-9]+|var)$")]
    private static partial Regex NamePattern();
}
