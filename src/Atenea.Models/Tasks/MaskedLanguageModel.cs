namespace Atenea.Models;

/// <summary>
/// An encoder with a decoder that gives one output per word of the vocabulary for each token: <c>BertForMaskedLM</c> and the like.
/// </summary>
public sealed class MaskedLanguageModel : TokenModel
{
    private MaskedLanguageModel(HeadSite site)
        : base(site, site.Family.CreateMaskedLanguageHead!(site))
    {
    }

    /// <summary>The registration of the task.</summary>
    public static ModelTask Task { get; } = new(
        "fill-mask", "masked language modelling", "ForMaskedLM", typeof(MaskedLanguageModel),
        static family => family.CreateMaskedLanguageHead is not null, static site => new MaskedLanguageModel(site))
    {
        Aliases = ["masked-lm"],
    };

    /// <inheritdoc/>
    public override IReadOnlyList<LossTerm> LossTerms { get; } = [new LossTerm("mlm")];
}
