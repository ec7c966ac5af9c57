using Atenea.Models;
using Atenea.Tokenizers;

namespace Atenea.Training;

/// <summary>
/// Gives the labels of words to their pieces. The first piece of a word has the word's label; the others have none, or, if all pieces are
/// labelled, the same one with <c>I-</c> in place of <c>B-</c>, as far as there is such a label (as the example scripts of transformers
/// have it). Marks tell a first piece from the others, since words are scored by their first piece.
/// </summary>
internal sealed class PieceLabels
{
    private const int FurtherPieces = -1000; // below ClassificationLoss.Ignored

    private readonly bool _all;
    private readonly int[] _inside;

    /// <summary>Prepares the labels.</summary>
    /// <param name="names">The names by id.</param>
    /// <param name="allPieces">Whether all pieces of a word are labelled.</param>
    public PieceLabels(IReadOnlyList<string> names, bool allPieces)
    {
        _all = allPieces;
        _inside = [.. names.Select((name, id) =>
        {
            int inside = name.StartsWith("B-", StringComparison.Ordinal) ? names.ToList().IndexOf("I-" + name[2..]) : -1;
            return inside >= 0 ? inside : id;
        })];
    }

    /// <summary>The label that a mark stands for, or <see cref="ClassificationLoss.Ignored"/>.</summary>
    public static int LabelOf(int mark) => mark <= FurtherPieces ? FurtherPieces - mark : mark;

    /// <summary>Whether a mark is that of the first piece of a word.</summary>
    public static bool IsFirstPiece(int mark) => mark >= 0;

    /// <summary>The marks of every token of a sentence's windows.</summary>
    /// <param name="windows">The windows, in order.</param>
    /// <param name="words">The label of each word.</param>
    public int[][] Mark(IReadOnlyList<Encoding> windows, ReadOnlySpan<int> words)
    {
        int[] owner = OwnerOf(windows, words.Length);
        var marks = new int[windows.Count][];
        for (int w = 0; w < windows.Count; w++)
        {
            Encoding window = windows[w];
            marks[w] = new int[window.Count];
            for (int i = 0; i < window.Count; i++)
            {
                int word = window.WordIds[i];
                marks[w][i] = word == Encoding.None || owner[word] != w ? ClassificationLoss.Ignored
                    : IsFirst(window, i, w) ? words[word]
                    : _all ? FurtherPieces - _inside[words[word]]
                    : ClassificationLoss.Ignored;
            }
        }

        return marks;
    }

    /// <summary>
    /// The window in which each word counts: of those that hold its first piece, the one where the nearer end is farther away; -1 for a
    /// word in none.
    /// </summary>
    private static int[] OwnerOf(IReadOnlyList<Encoding> windows, int words)
    {
        int[] owner = new int[words], context = new int[words];
        Array.Fill(owner, -1);
        for (int w = 0; w < windows.Count; w++)
        {
            for (int i = 0; i < windows[w].Count; i++)
            {
                int word = windows[w].WordIds[i];
                if (word == Encoding.None || !IsFirst(windows[w], i, w)) continue;
                int around = Math.Min(i, windows[w].Count - 1 - i);
                if (owner[word] < 0 || around > context[word]) (owner[word], context[word]) = (w, around);
            }
        }

        return owner;
    }

    /// <summary>Whether a token is the first piece of its word; a later window may begin within one.</summary>
    private static bool IsFirst(Encoding window, int token, int number)
    {
        bool begins = token == 0 || window.WordIds[token - 1] != window.WordIds[token];
        bool cutBefore = number > 0 && (token == 0 || window.WordIds[token - 1] == Encoding.None) && window.Offsets[token].Start > 0;
        return begins && !cutBefore;
    }
}
