namespace Atenea.Models;

/// <summary>The two heads of BERT's and ALBERT's pretraining.</summary>
/// <param name="MaskedLanguage">An output per word for each token.</param>
/// <param name="Order">Two outputs for each sequence: whether the second sentence follows (BERT), whether the sentences were swapped
/// (ALBERT).</param>
/// <param name="OrderOutput">The name of its output in transformers: <c>seq_relationship_logits</c>, <c>sop_logits</c>.</param>
/// <param name="OrderLabels">The name of its labels in transformers: <c>next_sentence_label</c>, <c>sentence_order_label</c>.</param>
/// <param name="OrderTerm">The name of its term in the loss: <c>nsp</c>, <c>sop</c>.</param>
public sealed record PretrainingHead(
    RowFunction MaskedLanguage, SequenceHead Order, string OrderOutput, string OrderLabels, string OrderTerm);
