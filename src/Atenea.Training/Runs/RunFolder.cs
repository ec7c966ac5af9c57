using System.Globalization;
using Atenea.Errors;
using Atenea.Hub;

namespace Atenea.Training;

/// <summary>
/// The folder of a run: <c>config.yaml</c>, <c>best/</c>, <c>last/</c>, <c>history.jsonl</c>, <c>trainer_state.json</c>,
/// <c>metrics.json</c>, <c>report.md</c>, <c>report.html</c>. A folder of several files is written beside its place and then put there by
/// renaming, so that a killed run leaves the old one or the new one, never a mixture.
/// </summary>
public sealed class RunFolder
{
    /// <summary>Name of the folder with the run's resulting model.</summary>
    public const string BestName = "best";

    /// <summary>Name of the folder with the newest state.</summary>
    public const string LastName = "last";

    private const string CheckpointPrefix = "checkpoint-", New = ".new", Old = ".old";

    /// <summary>Names a run's folder, which need not exist yet.</summary>
    public RunFolder(string path) => Path = path;

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>The resolved, complete config.</summary>
    public string Config => At("config.yaml");

    /// <summary>Events, one JSON object per line.</summary>
    public string History => At("history.jsonl");

    /// <summary>The state in Hugging Face's keys.</summary>
    public string State => At(TrainerState.FileName);

    /// <summary>The final figures.</summary>
    public string Metrics => At("metrics.json");

    /// <summary>The report as Markdown.</summary>
    public string ReportMarkdown => At("report.md");

    /// <summary>The report as HTML.</summary>
    public string ReportHtml => At("report.html");

    /// <summary>The resulting model.</summary>
    public string Best => At(BestName);

    /// <summary>The newest state: model, tokenizer, optimizer, trainer state.</summary>
    public string Last => At(LastName);

    /// <summary>The optimizer's state within <c>last/</c> or a checkpoint.</summary>
    public static string OptimizerFile(string folder) => System.IO.Path.Combine(folder, "optimizer.safetensors");

    /// <summary>Removes what an earlier run left under the names that a run uses; nothing else is touched.</summary>
    /// <exception cref="AteneaException">Something cannot be removed (ATN0403).</exception>
    public void Clear()
    {
        try
        {
            Directory.CreateDirectory(Path);
            foreach (string file in new[] { Config, History, State, Metrics, ReportMarkdown, ReportHtml }) File.Delete(file);
            foreach (string folder in new[] { Best, Last }.Concat(Checkpoints().Select(c => c.Folder)))
            {
                foreach (string name in new[] { folder, folder + New, folder + Old })
                {
                    if (Directory.Exists(name)) Directory.Delete(name, recursive: true);
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FileErrors.CannotWrite(Path, e);
        }
    }

    /// <summary>Writes a folder of several files as one: into a new folder that then takes the old one's place.</summary>
    /// <param name="folder">The place, for example <see cref="Last"/>.</param>
    /// <param name="write">Writes the files into the folder it is given.</param>
    /// <exception cref="AteneaException">Something cannot be written (ATN0403).</exception>
    public static void Replace(string folder, Action<string> write)
    {
        string fresh = folder + New, old = folder + Old;
        try
        {
            if (Directory.Exists(fresh)) Directory.Delete(fresh, recursive: true);
            Directory.CreateDirectory(fresh);
            write(fresh);
            if (Directory.Exists(old)) Directory.Delete(old, recursive: true);
            if (Directory.Exists(folder)) Directory.Move(folder, old);
            Directory.Move(fresh, folder);
            if (Directory.Exists(old)) Directory.Delete(old, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FileErrors.CannotWrite(folder, e);
        }
    }

    /// <summary>Puts back a folder whose replacement was cut off between the two renames.</summary>
    public static void Recover(string folder)
    {
        if (Directory.Exists(folder)) return;
        if (Directory.Exists(folder + Old)) Directory.Move(folder + Old, folder);
    }

    /// <summary>Keeps a copy of <c>last/</c> as <c>checkpoint-STEP/</c>, and of these only the newest.</summary>
    /// <param name="step">Steps made.</param>
    /// <param name="limit">How many saved states are kept; null for all, 1 for <c>last/</c> alone.</param>
    public void KeepCheckpoint(int step, int? limit)
    {
        if (limit == 1) return;
        Replace(At(CheckpointPrefix + step.ToString(CultureInfo.InvariantCulture)), folder =>
        {
            foreach (string file in Directory.EnumerateFiles(Last))
                File.Copy(file, System.IO.Path.Combine(folder, System.IO.Path.GetFileName(file)));
        });
        foreach ((string folder, _) in Checkpoints().OrderByDescending(c => c.Step).Skip(limit ?? int.MaxValue))
            Directory.Delete(folder, recursive: true);
    }

    private IEnumerable<(string Folder, int Step)> Checkpoints() => Directory.Exists(Path)
        ?
        [
            .. Directory.EnumerateDirectories(Path, CheckpointPrefix + "*")
                .Select(f => (f, StepOf(System.IO.Path.GetFileName(f)[CheckpointPrefix.Length..])))
                .Where(c => c.Item2 >= 0),
        ]
        : [];

    private static int StepOf(string name) =>
        int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int step) ? step : -1;

    private string At(string name) => System.IO.Path.Combine(Path, name);
}
