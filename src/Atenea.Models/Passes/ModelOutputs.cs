using Atenea.Tensors;

namespace Atenea.Models;

/// <summary>What one row of an output, or one label, belongs to.</summary>
public enum Granularity
{
    /// <summary>A sequence of the batch.</summary>
    Sequence,

    /// <summary>A token of a sequence.</summary>
    Token,

    /// <summary>A question with several choices, each a sequence of its own; the sequences of a question follow one another.</summary>
    Question,
}

/// <summary>One of a model's outputs, under the name that transformers gives it.</summary>
/// <param name="Name">For example <c>logits</c>.</param>
/// <param name="Values">[tokens, outputs] or [sequences, outputs]; for <see cref="Granularity.Question"/> [sequences, 1].</param>
/// <param name="Granularity">What a row belongs to.</param>
/// <param name="Column">The one column that this output is (start and end of an answer); -1 for all of them.</param>
public readonly record struct ModelOutput(string Name, Tensor Values, Granularity Granularity, int Column = -1);

/// <summary>What a model with a head computed: one output, or two. The tensors live on the tape until its next step.</summary>
/// <param name="First">The first output.</param>
/// <param name="Second">The second one of pretraining and question answering, else null.</param>
public readonly record struct ModelOutputs(ModelOutput First, ModelOutput? Second = null)
{
    /// <summary>The usual single output <c>logits</c>.</summary>
    public static ModelOutputs Logits(Tensor values, Granularity granularity, int column = -1) =>
        new(new ModelOutput("logits", values, granularity, column));

    /// <summary>The outputs in order.</summary>
    public IEnumerable<ModelOutput> All => Second is { } second ? [First, second] : [First];
}
