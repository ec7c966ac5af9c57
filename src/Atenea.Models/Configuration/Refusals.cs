using Atenea.Errors;
using Atenea.Hub;

namespace Atenea.Models;

/// <summary>What a family says of a configuration that it does not build.</summary>
internal static class Refusals
{
    /// <summary>The error of a setting that transformers knows and that is not built here (ATN0503).</summary>
    /// <param name="config">Where it stands.</param>
    /// <param name="key">Its key.</param>
    /// <param name="what">Its value, and what is built.</param>
    public static AteneaException Unsupported(this ModelConfig config, string key, string what) =>
        new(Catalogue.ModelSettingUnsupported, what, $"{config.Source}: {key}");
}
