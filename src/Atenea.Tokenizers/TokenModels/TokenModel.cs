using System.Text.Json;

namespace Atenea.Tokenizers;

/// <summary>Turns words into ids.</summary>
internal abstract class TokenModel(Vocabulary vocabulary)
{
    /// <summary>The model's tokens and ids, without the added ones.</summary>
    public Vocabulary Vocabulary { get; } = vocabulary;

    /// <summary>The id that unknown text gets, where it is a single one.</summary>
    public virtual int? UnknownId => null;

    /// <summary>What marks a piece that goes on with a word; null or empty for none.</summary>
    public virtual string? ContinuingPrefix => null;

    /// <summary>Whether an unknown piece shows its own text in place of the unknown token's (Unigram).</summary>
    public virtual bool UnknownShowsText => false;

    /// <summary>
    /// Whether a word may be cut before <paramref name="space"/> where a letter or digit precedes it, the two sides giving what the whole
    /// gives.
    /// </summary>
    public virtual bool KeepsCuts(char space) => false;

    /// <summary>
    /// Tokenises every segment; returns in <paramref name="wordEnds"/>, if given, the number of pieces up to the end of each segment.
    /// </summary>
    public void Run(Workspace workspace, List<int>? wordEnds)
    {
        ReadOnlySpan<char> units = workspace.Text.Units;
        PieceBuffer pieces = workspace.Pieces;
        WordCache words = workspace.Words;
        foreach (Segment segment in workspace.Segments.Items)
        {
            if (segment.Token != Segment.Plain)
            {
                pieces.Add(segment.Token, segment.Start, segment.End);
            }
            else
            {
                ReadOnlySpan<char> word = units[segment.Start..segment.End];
                if (word.Length > WordCache.LongestWord)
                {
                    Tokenize(word, segment.Start, pieces, workspace.Scratch);
                }
                else
                {
                    uint hash = WordCache.HashOf(word);
                    if (words.TryGet(word, hash, out ReadOnlySpan<int> triples))
                    {
                        pieces.AddRelative(triples, segment.Start);
                    }
                    else
                    {
                        int first = pieces.Count;
                        Tokenize(word, segment.Start, pieces, workspace.Scratch);
                        words.Add(word, hash, pieces, first, segment.Start);
                    }
                }
            }

            wordEnds?.Add(pieces.Count);
        }
    }

    /// <summary>Writes the <c>model</c> object of tokenizer.json.</summary>
    public abstract void Write(Utf8JsonWriter writer);

    /// <summary>Appends the pieces of one word that begins at <paramref name="origin"/> of the normalised text.</summary>
    protected abstract void Tokenize(ReadOnlySpan<char> word, int origin, PieceBuffer pieces, ModelScratch scratch);
}
