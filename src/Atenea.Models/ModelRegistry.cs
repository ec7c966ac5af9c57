using Atenea.Errors;
using Atenea.Hub;

namespace Atenea.Models;

/// <summary>
/// The families that are built in, by <c>model_type</c>. A new family is one file under <c>Families/</c> and one line here.
/// </summary>
public static class ModelRegistry
{
    /// <summary>Every family, in the order in which they are listed to users.</summary>
    public static IReadOnlyList<ModelFamily> Families { get; } =
    [
        Bert.Family,
        DistilBert.Family,
        Roberta.Family,
        XlmRoberta.Family,
        Camembert.Family,
        Albert.Family,
        Electra.Family,
        Mpnet.Family,
        Deberta.Family,
        DebertaV2.Family,
        ModernBert.Family,
        Qwen2.Family,
        Gpt2.Family,
    ];

    /// <summary>The family of a configuration.</summary>
    /// <exception cref="AteneaException">Its <c>model_type</c> is unknown (ATN0501) or missing (ATN0410).</exception>
    public static ModelFamily FamilyOf(ModelConfig config)
    {
        string type = config.ModelType;
        if (Families.FirstOrDefault(family => family.ModelType == type) is { } known) return known;
        string[] names = [.. Families.Select(family => family.ModelType)];
        IReadOnlyList<string> near = Suggestion.Nearest(type, names, names.Length);
        string[] ordered = [.. near, .. names.Except(near)];
        throw new AteneaException(Catalogue.UnknownModelType, $"'{type}'", $"{config.Source}: model_type",
            $"use a model of one of the built-in families: {string.Join(", ", ordered)}");
    }

    /// <summary>The most tokens that a sequence may have in a model of this configuration. Takes no memory for weights.</summary>
    /// <exception cref="AteneaException">The family is unknown (ATN0501) or a value makes no sense (ATN0410, ATN0502, ATN0503).</exception>
    public static int MaxPositionsOf(ModelConfig config) => SizesOf(config).MaxPositions;

    /// <summary>The sizes of the encoder of this configuration. Takes no memory for weights.</summary>
    /// <exception cref="AteneaException">The family is unknown (ATN0501) or a value makes no sense (ATN0410, ATN0502, ATN0503).</exception>
    public static EncoderSizes SizesOf(ModelConfig config)
    {
        using var parameters = new ParameterSet();
        Encoder encoder = FamilyOf(config).CreateEncoder(config, parameters.Root);
        return new EncoderSizes(encoder.Layers, encoder.HiddenSize, encoder.VocabularySize, encoder.MaxPositions);
    }
}

/// <summary>How large an encoder is.</summary>
/// <param name="Layers">Number of blocks.</param>
/// <param name="HiddenSize">Length of a token's vector.</param>
/// <param name="VocabularySize">Number of ids that the word table knows.</param>
/// <param name="MaxPositions">The most tokens that a sequence may have.</param>
public readonly record struct EncoderSizes(int Layers, int HiddenSize, int VocabularySize, int MaxPositions);
