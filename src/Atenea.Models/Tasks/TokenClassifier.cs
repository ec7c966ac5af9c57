namespace Atenea.Models;

/// <summary>
/// An encoder with a head that gives one output per label for each token: <c>BertForTokenClassification</c> and the like (names, parts of
/// speech).
/// </summary>
public sealed class TokenClassifier : TokenModel
{
    private TokenClassifier(HeadSite site)
        : base(site, site.Family.CreateTokenHead!(site)) => Labels = site.Config.Labels;

    /// <summary>The registration of the task.</summary>
    public static ModelTask Task { get; } = new(
        "token-classification", "token classification", "ForTokenClassification", typeof(TokenClassifier),
        static family => family.CreateTokenHead is not null, static site => new TokenClassifier(site))
    {
        Aliases = ["ner"],
    };

    /// <summary>The label names by id.</summary>
    public IReadOnlyList<string> Labels { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<LossTerm> LossTerms { get; } = [new LossTerm("labels")];
}
