using Atenea.Hub;
using Atenea.Training;

namespace Atenea.Cli;

/// <summary>How a model of a run was trained, so that it is evaluated and used in the same way: read from the run's config.yaml.</summary>
/// <param name="MaxLength">Longest sequence in tokens, or null for the model's own limit.</param>
/// <param name="Text">Column of the text.</param>
/// <param name="TextPair">Column of the second text, or null.</param>
/// <param name="Label">Columns of the label.</param>
internal sealed record TrainedSettings(int? MaxLength, string Text, string? TextPair, IReadOnlyList<string> Label)
{
    private const string ConfigFile = "config.yaml";

    /// <summary>The settings of the run that a model belongs to, or null if it belongs to none.</summary>
    /// <param name="model">A run's folder or a model folder within one; other names have no run.</param>
    public static TrainedSettings? Of(string model)
    {
        LocatedModel located = ModelLocator.Find(model);
        if (located.Origin is not (ModelOrigin.Run or ModelOrigin.Folder)) return null;
        string? run = Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(located.Folder)));
        string config = Path.Combine(run ?? "", ConfigFile);
        if (run is null || !File.Exists(config)) return null;
        DataOptions data = ConfigReader.Read(config).Data;
        return new TrainedSettings(data.MaxLength, data.Text, data.TextPair, data.Label);
    }
}
