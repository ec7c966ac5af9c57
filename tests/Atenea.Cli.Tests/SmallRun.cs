namespace Atenea.Cli.Tests;

/// <summary>A config with a few rows and a tiny model, which trains within a second or two.</summary>
internal static class SmallRun
{
    private static readonly string[] Words = ["bad", "awful", "good", "great", "dull", "fine"];

    /// <summary>Writes model, rows and config; returns the config's path.</summary>
    /// <param name="folder">Where to.</param>
    /// <param name="epochs">Passes over the 48 rows, 8 at a time.</param>
    public static string Write(TemporaryFolder folder, int epochs = 2)
    {
        TinyModel.Write(folder.File("model"), ["no", "yes"]);
        folder.Write("train.csv", Rows(48));
        folder.Write("validation.csv", Rows(12));
        folder.Write("test.csv", Rows(16));
        return folder.Write("config.yaml", $"""
            model: ./model
            data: {"{train: train.csv, validation: validation.csv, test: test.csv}"}
            training:
              output_dir: {folder.File("run")}
              num_train_epochs: {epochs}
              eval_strategy: epoch
              logging_steps: 2
              learning_rate: 1.0e-2
              load_best_model_at_end: true
            """);
    }

    /// <summary>Rows whose label follows from their first word.</summary>
    public static string Rows(int count) =>
        "text,label\n" + string.Concat(Enumerable.Range(0, count)
            .Select(i => $"{Words[i % 6]} film number {i},{(i % 6 is 2 or 3 or 5 ? "yes" : "no")}\n"));
}
