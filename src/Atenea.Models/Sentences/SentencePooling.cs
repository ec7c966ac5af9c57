using Atenea.Errors;
using Atenea.Hub;
using Atenea.Tensors;

namespace Atenea.Models;

/// <summary>How the vectors of a text's tokens become one vector, as sentence-transformers has it.</summary>
public enum SentencePooling
{
    /// <summary>The first token's vector.</summary>
    Cls,

    /// <summary>The largest element of each feature.</summary>
    Max,

    /// <summary>The mean.</summary>
    Mean,

    /// <summary>The sum over the square root of the number of tokens.</summary>
    MeanSqrtLength,

    /// <summary>The mean with weights 1, 2, 3 and so on, for decoders, whose later tokens know more.</summary>
    WeightedMean,

    /// <summary>The last token's vector.</summary>
    LastToken,
}

/// <summary>The poolings' names in configurations, and what they compute.</summary>
internal static class SentencePoolings
{
    // Older files have a flag for each, newer ones may name one.
    private static readonly (string Flag, string Name, SentencePooling Pooling)[] Known =
    [
        ("pooling_mode_cls_token", "cls", SentencePooling.Cls),
        ("pooling_mode_max_tokens", "max", SentencePooling.Max),
        ("pooling_mode_mean_tokens", "mean", SentencePooling.Mean),
        ("pooling_mode_mean_sqrt_len_tokens", "mean_sqrt_len_tokens", SentencePooling.MeanSqrtLength),
        ("pooling_mode_weightedmean_tokens", "weightedmean", SentencePooling.WeightedMean),
        ("pooling_mode_lasttoken", "lasttoken", SentencePooling.LastToken),
    ];

    /// <summary>The pooling that a Pooling module's config.json asks for.</summary>
    /// <exception cref="AteneaException">None, an unknown one (ATN0410), or several side by side (ATN0503).</exception>
    public static SentencePooling Read(ModelConfig config)
    {
        if (config.OptionalText("pooling_mode") is { } name)
        {
            foreach ((_, string known, SentencePooling pooling) in Known)
            {
                if (known == name) return pooling;
            }

            throw config.Invalid("pooling_mode", $"'{name}', expected one of {string.Join(", ", Known.Select(mode => mode.Name))}");
        }

        SentencePooling[] chosen = [.. Known.Where(mode => config.Flag(mode.Flag, false)).Select(mode => mode.Pooling)];
        return chosen switch
        {
            [SentencePooling one] => one,
            [] => throw config.Invalid("pooling_mode_mean_tokens", "no pooling is chosen"),
            _ => throw new AteneaException(
                Catalogue.ModelSettingUnsupported, $"several poolings side by side: {string.Join(", ", chosen)}", config.Source),
        };
    }

    /// <summary>Writes the configuration of a Pooling module.</summary>
    public static ModelConfig Write(SentencePooling pooling, int dimension, string source)
    {
        ModelConfig config = ModelConfig.Parse("{}", source);
        config.Set("word_embedding_dimension", dimension);
        foreach ((string flag, _, SentencePooling known) in Known) config.Set(flag, known == pooling);
        return config;
    }

    /// <summary>Runs an encoder and pools: [sequences, hidden size].</summary>
    public static Tensor Run(SentencePooling pooling, ForwardPass pass, Encoder encoder)
    {
        (Tape tape, InputBatch batch) = (pass.Tape, pass.Batch);
        if (pooling == SentencePooling.Cls) return encoder.ForwardRows(pass, batch.FirstTokens);
        if (pooling == SentencePooling.LastToken) return encoder.ForwardRows(pass, batch.LastTokens(paddingId: null));
        Tensor states = encoder.Forward(pass);
        Tensor pooled = pooling switch
        {
            SentencePooling.Max => tape.MaxPool(states, batch.Offsets),
            SentencePooling.MeanSqrtLength => tape.SumOverRootPool(states, batch.Offsets),
            SentencePooling.WeightedMean => tape.RampMeanPool(states, batch.Offsets),
            _ => tape.MeanPool(states, batch.Offsets),
        };
        tape.Release(states);
        return pooled;
    }
}
