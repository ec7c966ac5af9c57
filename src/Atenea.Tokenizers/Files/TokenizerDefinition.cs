using System.Text.Json.Nodes;

namespace Atenea.Tokenizers;

/// <summary>
/// What a tokenizer is made of, however it was stored: the component objects of tokenizer.json, added tokens, the model and the settings.
/// </summary>
internal sealed record TokenizerDefinition
{
    /// <summary>Where the parts come from, for errors.</summary>
    public required string Where { get; init; }

    /// <summary>The model.</summary>
    public required TokenModel Model { get; init; }

    /// <summary>Added tokens in order.</summary>
    public IReadOnlyList<AddedToken> AddedTokens { get; init; } = [];

    /// <summary>The <c>normalizer</c> object.</summary>
    public JsonNode? Normalizer { get; init; }

    /// <summary>The <c>pre_tokenizer</c> object.</summary>
    public JsonNode? PreTokenizer { get; init; }

    /// <summary>The <c>post_processor</c> object.</summary>
    public JsonNode? PostProcessor { get; init; }

    /// <summary>The <c>decoder</c> object.</summary>
    public JsonNode? Decoder { get; init; }

    /// <summary>The <c>truncation</c> object, kept for saving.</summary>
    public JsonNode? Truncation { get; init; }

    /// <summary>The <c>padding</c> object, kept for saving.</summary>
    public JsonNode? Padding { get; init; }

    /// <summary>The files of a format that tokenizer.json cannot hold; saving copies them. Empty for all others.</summary>
    public IReadOnlyList<string> SourceFiles { get; init; } = [];

    /// <summary>
    /// Whether the longest sequence of a pair is cut token by token, so that an odd token stays with the first (Python tokenizers).
    /// </summary>
    public bool CutsAlternately { get; init; }

    /// <summary>The contents of tokenizer_config.json.</summary>
    public JsonObject Config { get; init; } = [];
}
