namespace Atenea.Tokenizers;

/// <summary>One step that turns tokens back into text.</summary>
internal abstract class Decoder
{
    /// <summary>Rewrites the tokens; the text is what is left, joined.</summary>
    public abstract List<string> Decode(List<string> tokens);
}

/// <summary>Several steps one after the other.</summary>
internal sealed class SequenceDecoder(IReadOnlyList<Decoder> steps) : Decoder
{
    /// <inheritdoc/>
    public override List<string> Decode(List<string> tokens)
    {
        foreach (Decoder step in steps)
        {
            tokens = step.Decode(tokens);
        }

        return tokens;
    }
}
