namespace Atenea.Pipelines;

/// <summary>A token of a text, special ones excluded, with the probability of every label.</summary>
/// <param name="Word">As the vocabulary spells it; as the text spells it for an unknown one.</param>
/// <param name="Scores">Probabilities, [labels].</param>
/// <param name="Start">First UTF-16 unit in the text.</param>
/// <param name="End">One past the last unit.</param>
/// <param name="Index">Its number in the sequence.</param>
/// <param name="ContinuesWord">Whether it goes on with the word of the token before.</param>
internal sealed record ScoredToken(string Word, double[] Scores, int Start, int End, int Index, bool ContinuesWord);
