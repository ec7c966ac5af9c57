using Atenea.Tokenizers;

namespace Atenea.Data;

/// <summary>A split to check: a file, or several that are read as one.</summary>
/// <param name="Split"><c>train</c>, <c>validation</c>, <c>test</c>, or <c>data</c> for rows that belong to none.</param>
/// <param name="Name">Its name in messages.</param>
/// <param name="Files">Its files.</param>
public sealed record CheckInput(string Split, string Name, IReadOnlyList<string> Files)
{
    /// <summary>The split of training rows.</summary>
    public const string Train = "train";

    /// <summary>The split of rows for choosing the best model.</summary>
    public const string Validation = "validation";

    /// <summary>The split of rows for the final figures.</summary>
    public const string Test = "test";

    /// <summary>Rows that belong to no split.</summary>
    public const string Unsplit = "data";

    private static readonly string[] Order = [Train, Unsplit, Validation, Test];

    /// <summary>The file's name without its folders.</summary>
    internal string ShortName => Path.GetFileName(Name) is { Length: > 0 } name ? name : Name;

    /// <summary>Training rows come first, for the others are compared with them.</summary>
    internal int Rank => Math.Max(0, Array.IndexOf(Order, Split));

    /// <summary>
    /// A file, or a pattern of files, its split told by its name: <c>leak_train.csv</c>, <c>dev.tsv</c>,
    /// <c>test-00000-of-00001.parquet</c>.
    /// </summary>
    /// <exception cref="Errors.AteneaException">No file matches the pattern (ATN0401).</exception>
    public static CheckInput FromFile(string path) => new(SplitOf(Path.GetFileName(path)), path, FilePattern.Expand(path));

    /// <summary>The split that a name tells: the first word in it that is one, else <see cref="Unsplit"/>.</summary>
    public static string SplitOf(string name)
    {
        foreach (string word in Letters(name))
        {
            string? split = word switch
            {
                "train" or "training" => Train,
                "validation" or "valid" or "val" or "dev" or "devel" or "development" or "eval" or "testa" => Validation,
                "test" or "testing" or "testb" => Test,
                _ => null,
            };
            if (split is not null) return split;
        }

        return Unsplit;
    }

    private static IEnumerable<string> Letters(string name)
    {
        int start = 0;
        for (int i = 0; i <= name.Length; i++)
        {
            if (i < name.Length && char.IsAsciiLetter(name[i])) continue;
            if (i > start) yield return name[start..i].ToLowerInvariant();
            start = i + 1;
        }
    }
}

/// <summary>The model whose tokens count.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Tokenizer">Its tokenizer.</param>
/// <param name="MaxLength">Most tokens of a text, special ones included.</param>
public sealed record CheckedModel(string Name, Tokenizer Tokenizer, int MaxLength);
