namespace Atenea.Pipelines;

/// <summary>How a token classifier's answers for pieces become answers for words and entities, with the names of transformers.</summary>
public enum AggregationStrategy
{
    /// <summary>One answer per token, as the model gave it.</summary>
    None,

    /// <summary>Neighbouring tokens of the same type are one entity; a word may be split between entities.</summary>
    Simple,

    /// <summary>A word takes the answer of its first token, then words are joined.</summary>
    First,

    /// <summary>A word takes the class whose probability, averaged over its tokens, is largest, then words are joined.</summary>
    Average,

    /// <summary>A word takes the answer of its most certain token, then words are joined.</summary>
    Max,
}
