using Atenea.Tensors;

namespace Atenea.Models;

/// <summary>A bare encoder, with its pooler where the family has one: <c>BertModel</c> and the like.</summary>
public sealed class BaseModel : Model
{
    private BaseModel(HeadSite site)
        : base(site) => Pooler = site.Family.CreatePooler?.Invoke(site.Config, site.EncoderScope);

    /// <summary>The registration of the task.</summary>
    public static ModelTask Task { get; } = new("feature-extraction", "bare encoder", "Model", typeof(BaseModel),
        static _ => true, static site => new BaseModel(site))
    {
        IsBareEncoder = true,
    };

    /// <inheritdoc/>
    public override Pooler? Pooler { get; }

    /// <summary>Runs the encoder: one vector per token, [tokens, hidden size].</summary>
    /// <param name="pass">The pass; its tape has begun a step.</param>
    /// <exception cref="Errors.AteneaException">A sequence is too long (ATN0506), an id outside the vocabulary (ATN0603).</exception>
    public Tensor Forward(ForwardPass pass) => Encoder.Forward(pass);
}
