using Atenea.Hub;

namespace Atenea.Models;

/// <summary>
/// What a head is built on: the configuration, the encoder that is already there, and the places where parameters are registered.
/// </summary>
/// <param name="Config">The configuration; the model keeps it.</param>
/// <param name="Family">The family.</param>
/// <param name="Task">What the model is for.</param>
/// <param name="Encoder">The encoder; a decoder that is tied takes its <see cref="Encoder.WordEmbeddings"/>.</param>
/// <param name="EncoderScope">The encoder's place, where poolers live.</param>
/// <param name="Root">The model's place, where heads live.</param>
public sealed record HeadSite(
    ModelConfig Config, ModelFamily Family, ModelTask Task, Encoder Encoder, ParameterScope EncoderScope, ParameterScope Root);
