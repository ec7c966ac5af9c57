using Atenea.Errors;
using Atenea.Hub;

namespace Atenea.Models;

/// <summary>
/// What a head is built on: the configuration, the encoder that is already there, and the places where parameters are registered.
/// </summary>
/// <param name="Config">The configuration.</param>
/// <param name="Family">The family.</param>
/// <param name="Encoder">The encoder; a decoder that is tied takes its <see cref="Encoder.WordEmbeddings"/>.</param>
/// <param name="EncoderScope">The encoder's place, where poolers live.</param>
/// <param name="Root">The model's place, where heads live.</param>
public sealed record HeadSite(ModelConfig Config, ModelFamily Family, Encoder Encoder, ParameterScope EncoderScope, ParameterScope Root)
{
    /// <summary>A head that the family must have.</summary>
    /// <param name="builder">The family's builder.</param>
    /// <param name="classSuffix">The class that needs it, for the message.</param>
    /// <exception cref="AteneaException">The family has none (ATN0509).</exception>
    internal Func<HeadSite, T> Require<T>(Func<HeadSite, T>? builder, string classSuffix) =>
        builder ?? throw ModelTask.Unsupported(Family, Family.ClassNameOf(classSuffix), Config.Source);

    /// <summary>Builds a family's encoder and, on it, what <paramref name="create"/> makes; gives the memory back if that fails.</summary>
    /// <param name="config">The configuration; the model keeps it.</param>
    /// <param name="prefix">The encoder's place: the family's prefix, or nothing for a bare encoder.</param>
    /// <param name="family">The family.</param>
    /// <param name="create">Builds the model.</param>
    internal static T Build<T>(ModelConfig config, ModelFamily family, string prefix, Func<HeadSite, T> create)
        where T : Model
    {
        var parameters = new ParameterSet();
        try
        {
            ParameterScope scope = parameters.Root / prefix;
            return create(new HeadSite(config, family, family.CreateEncoder(config, scope), scope, parameters.Root));
        }
        catch
        {
            parameters.Dispose(); // Nobody else will: the caller never gets the model.
            throw;
        }
    }
}
