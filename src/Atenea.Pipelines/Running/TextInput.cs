namespace Atenea.Pipelines;

/// <summary>A text to classify, or a pair of texts.</summary>
/// <param name="Text">The text, or the first of the pair.</param>
/// <param name="Pair">The second text; null for a single text.</param>
public readonly record struct TextInput(string Text, string? Pair = null)
{
    /// <summary>A single text.</summary>
    public static implicit operator TextInput(string text) => new(text);

    /// <summary>A single text.</summary>
    public static TextInput FromString(string text) => new(text);

    /// <summary>Number of characters of both texts.</summary>
    internal int Length => Text.Length + (Pair?.Length ?? 0);
}
