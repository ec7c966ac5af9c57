using System.Text.RegularExpressions;

namespace Atenea.Training;

/// <summary>
/// Which parameters weight decay applies to: as in transformers' Trainer all but those whose name contains <c>bias</c>, <c>layernorm</c> or
/// <c>rmsnorm</c>, or has a part that is <c>norm</c>, ends in <c>_norm</c> or is one of GPT-2's norms (<c>ln_1</c>, <c>ln_2</c>,
/// <c>ln_f</c>). (So position tables decay, and mpnet's <c>relative_attention_bias</c> does not.)
/// </summary>
internal static partial class WeightDecayRule
{
    /// <summary>Whether the parameter decays.</summary>
    /// <param name="parameterName">Its name in the checkpoint.</param>
    public static bool Applies(string parameterName) => !Exempt().IsMatch(parameterName);

    [GeneratedRegex(@"bias|layernorm|rmsnorm|(?:^|\.)norm(?:$|\.)|_norm(?:$|\.)|(?:^|\.)ln_[12f](?:$|\.)",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Exempt();
}
