using Atenea.Hub;
using Atenea.Tensors;

namespace Atenea.Models;

/// <summary>A bare encoder, with its pooler where the family has one: <c>BertModel</c> and the like.</summary>
public sealed class BaseModel : Model
{
    private BaseModel(HeadSite site)
        : base(site, ClassSuffix) => Pooler = site.Family.CreatePooler?.Invoke(site.Config, site.EncoderScope);

    /// <summary>What follows the family's stem in the class name.</summary>
    public const string ClassSuffix = "Model";

    /// <inheritdoc/>
    public override Pooler? Pooler { get; }

    /// <summary>Builds a model with newly drawn weights.</summary>
    /// <param name="config">The configuration; copied.</param>
    /// <param name="seed">The weights depend on it and on the parameters' names alone.</param>
    /// <exception cref="Errors.AteneaException">The family is unknown (ATN0501) or a value makes no sense (ATN0410, ATN0502,
    /// ATN0503).</exception>
    public static BaseModel FromConfig(ModelConfig config, ulong seed) =>
        WithNewWeights(Create(config.Clone(), ModelRegistry.FamilyOf(config)), seed);

    internal static BaseModel Create(ModelConfig config, ModelFamily family) => HeadSite.Build(config, family, prefix: "", site => new BaseModel(site));

    /// <summary>Runs the encoder: one vector per token, [tokens, hidden size].</summary>
    /// <param name="tape">A tape that has begun a step.</param>
    /// <param name="batch">The input.</param>
    /// <param name="capture">Collects hidden states and attention on the way; null for none.</param>
    /// <exception cref="Errors.AteneaException">A sequence is too long (ATN0506), an id outside the vocabulary (ATN0603).</exception>
    public EncoderOutput Forward(Tape tape, InputBatch batch, EncoderCapture? capture = null) => Encoder.Forward(tape, batch, capture);
}
