namespace Atenea.Tensors;

/// <summary>What an attention is, besides its operands.</summary>
/// <param name="Heads">Number of query heads.</param>
/// <param name="Scale">Factor of the scores, usually 1 / sqrt(head size).</param>
/// <param name="Dropout">Rate at which probabilities are dropped in <see cref="TapeMode.Training"/>, in [0, 1).</param>
/// <example>
/// <code>
/// new AttentionSettings(12, 0.125f) // BERT: every token sees every token of its sequence
/// new AttentionSettings(12, 0.125f) { KeysAfter = 0 } // GPT-2: itself and those before it
/// new AttentionSettings(12, 0.125f) { KeysBefore = 64, KeysAfter = 64, Rotary = rotary } // local layers of ModernBERT
/// new AttentionSettings(14, 0.125f) { KeyValueHeads = 2, KeysAfter = 0, Rotary = rotary } // Qwen2
/// </code>
/// </example>
public readonly record struct AttentionSettings(int Heads, float Scale, float Dropout = 0f)
{
    /// <summary>
    /// Heads of keys and of values, a divisor of <see cref="Heads"/>: head h of the queries uses number h / (Heads / KeyValueHeads)
    /// (grouped-query attention, Ainslie et al. 2023). 0 for as many as <see cref="Heads"/>.
    /// </summary>
    public int KeyValueHeads { get; init; }

    /// <summary>How many keys before its own position a query sees; null for all of them.</summary>
    public int? KeysBefore { get; init; }

    /// <summary>How many keys after its own position a query sees: 0 makes attention causal; null for all of them.</summary>
    public int? KeysAfter { get; init; }

    /// <summary>
    /// Whether query, key and value of one head lie side by side, head after head (DeBERTa), instead of all queries, all keys and all
    /// values. Needs as many heads of keys as of queries.
    /// </summary>
    public bool HeadByHead { get; init; }

    /// <summary>Turns queries and keys by their positions before the scores are taken; null for not at all.</summary>
    public Rotary? Rotary { get; init; }
}
