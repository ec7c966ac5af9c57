namespace Atenea.Pipelines;

/// <summary>A token, word or group of words, and what the model takes it for.</summary>
/// <param name="Label">The model's label of a token, for example <c>B-PER</c>; of a group its type without the prefix, for example
/// <c>PER</c>.</param>
/// <param name="Score">Its probability; of a group the mean over its members.</param>
/// <param name="Word">The token as the vocabulary spells it; of a group its text as the tokenizer decodes it.</param>
/// <param name="Start">First UTF-16 unit in the text; 0 where the tokenizer gives no offsets.</param>
/// <param name="End">One past the last unit.</param>
/// <param name="Index">The token's number in its sequence; null for a group.</param>
public sealed record TokenEntity(string Label, double Score, string Word, int Start, int End, int? Index = null)
{
    /// <summary>Whether it stands for a group of tokens.</summary>
    public bool IsGroup => Index is null;
}
