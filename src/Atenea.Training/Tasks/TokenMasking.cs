using Atenea.Models;
using Atenea.Tensors;
using Atenea.Tokenizers;

namespace Atenea.Training;

/// <summary>Names the random choices of one feature.</summary>
/// <param name="Seed">Seed of the run.</param>
/// <param name="Epoch">The epoch.</param>
/// <param name="Feature">The feature's number.</param>
internal readonly record struct MaskingKey(ulong Seed, uint Epoch, uint Feature)
{
    private const uint Evaluation = uint.MaxValue; // no epoch of training

    /// <summary>The key of a feature; evaluation's depends on neither seed nor epoch.</summary>
    public static MaskingKey Of(ulong seed, int? epoch, int feature) =>
        epoch is { } number ? new MaskingKey(seed, (uint)number, (uint)feature) : new MaskingKey(0, Evaluation, (uint)feature);
}

/// <summary>
/// Hides tokens as transformers' <c>DataCollatorForLanguageModeling</c> does: each token that is no special one is chosen with a
/// probability of its own, or each word as a whole; a chosen token becomes the mask, a random token (which may be itself), or stays. Every
/// choice is a function of the key and the token's place, so no result depends on what was drawn before.
/// </summary>
/// <param name="probability">Probability of a token or word to be chosen.</param>
/// <param name="maskShare">Share of chosen tokens that become the mask.</param>
/// <param name="randomShare">Share that becomes a random token.</param>
/// <param name="wholeWords">Whether words are chosen, not tokens.</param>
/// <param name="mask">The mask's id.</param>
/// <param name="vocabulary">Random ids lie below it.</param>
internal sealed class TokenMasking(
    double probability, double maskShare, double randomShare, bool wholeWords, int mask, int vocabulary)
{
    /// <summary>A special token, which is never chosen.</summary>
    public const int Special = 0;

    /// <summary>The first token of a word.</summary>
    public const int WordStart = 1;

    /// <summary>A further token of a word.</summary>
    public const int WordRest = 2;

    private const uint Purpose = Philox.FirstFreePurpose + 0x3A5C; // its own among the users of a run's seed
    private const double Unit = 1.0 / (1L << 32);

    /// <summary>
    /// What each token is. A token begins a word if it does not stand directly behind the token before it in the text, or stands behind a
    /// special token.
    /// </summary>
    public static int[] Marks(Encoding encoding)
    {
        var marks = new int[encoding.Count];
        for (int i = 0; i < marks.Length; i++)
        {
            if (encoding.SpecialTokensMask[i] != 0) continue;
            bool touches = i > 0 && marks[i - 1] != Special && encoding.SequenceIds[i - 1] == encoding.SequenceIds[i]
                && encoding.Offsets[i - 1].End == encoding.Offsets[i].Start;
            marks[i] = touches ? WordRest : WordStart;
        }

        return marks;
    }

    /// <summary>Hides tokens of a sequence.</summary>
    /// <param name="ids">The token ids; changed where tokens are hidden.</param>
    /// <param name="labels">Receives the id of each chosen token, <see cref="ClassificationLoss.Ignored"/> for the others.</param>
    /// <param name="marks">What each token is.</param>
    /// <param name="key">Names the choices.</param>
    public void Apply(Span<int> ids, Span<int> labels, ReadOnlySpan<int> marks, MaskingKey key)
    {
        Span<uint> words = stackalloc uint[4];
        bool isChosen = false;
        for (int i = 0; i < ids.Length; i++)
        {
            labels[i] = ClassificationLoss.Ignored;
            if (marks[i] == Special) continue;
            Philox.Generate(key.Seed, Purpose, ((ulong)key.Epoch << 32) | key.Feature, (uint)i, words);
            bool continues = wholeWords && marks[i] == WordRest && i > 0 && marks[i - 1] != Special;
            if (!continues) isChosen = words[0] * Unit < probability;
            if (!isChosen) continue;
            labels[i] = ids[i];
            double choice = words[1] * Unit;
            if (choice < maskShare) ids[i] = mask;
            else if (choice < maskShare + randomShare) ids[i] = (int)(((ulong)words[2] * (uint)vocabulary) >> 32);
        }
    }
}
