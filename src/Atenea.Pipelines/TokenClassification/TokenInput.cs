using System.Text.Json;

namespace Atenea.Pipelines;

/// <summary>A text whose tokens are classified, or the words of one.</summary>
public sealed class TokenInput
{
    private TokenInput(string text, IReadOnlyList<string>? words)
    {
        Text = text;
        Words = words;
    }

    /// <summary>The text; of words, they themselves with one space between each two.</summary>
    public string Text { get; }

    /// <summary>The words, where they were given.</summary>
    public IReadOnlyList<string>? Words { get; }

    /// <summary>A text, which the tokenizer splits into words.</summary>
    public static TokenInput FromString(string text) => new(text, null);

    /// <summary>Words that were split before, as data sets of named entities have them.</summary>
    public static TokenInput FromWords(IReadOnlyList<string> words) => new(string.Join(' ', words), words);

    /// <summary>The cell of a table: a JSON list of words, as data sets of named entities have it, or a text.</summary>
    public static TokenInput FromCell(string cell)
    {
        if (!cell.StartsWith("[\"", StringComparison.Ordinal)) return cell;
        try
        {
            using var list = JsonDocument.Parse(cell);
            return FromWords([.. list.RootElement.EnumerateArray().Select(word => word.GetString() ?? "")]);
        }
        catch (Exception other) when (other is JsonException or InvalidOperationException)
        {
            return cell; // A text that merely begins so.
        }
    }

    /// <summary>A text, which the tokenizer splits into words.</summary>
    public static implicit operator TokenInput(string text) => FromString(text);
}
