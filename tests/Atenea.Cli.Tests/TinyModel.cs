using Atenea.Hub;
using Atenea.Models;

namespace Atenea.Cli.Tests;

/// <summary>Small random models in a folder, with the embedded tokenizer.</summary>
internal static class TinyModel
{
    /// <summary>Writes a BERT classifier.</summary>
    /// <param name="folder">Where to.</param>
    /// <param name="labels">Its classes.</param>
    /// <param name="problem">What its outputs mean; null leaves it open.</param>
    public static string Write(string folder, IReadOnlyList<string> labels, ProblemType? problem = null) =>
        Write<SequenceClassifier>(folder, labels, problem);

    /// <summary>Writes a BERT of any class.</summary>
    /// <typeparam name="T">The class.</typeparam>
    /// <param name="folder">Where to.</param>
    /// <param name="labels">Its classes, if it has any.</param>
    /// <param name="problem">What its outputs mean; null leaves it open.</param>
    public static string Write<T>(string folder, IReadOnlyList<string>? labels = null, ProblemType? problem = null)
        where T : Model => Write(folder, typeof(T), labels, problem);

    /// <inheritdoc cref="Write{T}"/>
    public static string Write(string folder, Type modelClass, IReadOnlyList<string>? labels = null, ProblemType? problem = null)
    {
        ModelConfig config = ModelConfig.Parse(
            """
            {
              "model_type": "bert", "vocab_size": 30522, "hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2,
              "intermediate_size": 32, "max_position_embeddings": 64
            }
            """,
            "tiny");
        if (labels is not null) config.SetLabels(labels);
        config.ProblemType = problem;
        Directory.CreateDirectory(folder);
        ModelTask task = ModelRegistry.Tasks.First(each => each.ModelClass == modelClass);
        using (Model model = task.FromConfig(config, seed: 7)) model.Save(folder);
        foreach (string file in new[] { "tokenizer.json", "tokenizer_config.json" })
            File.Copy(Path.Combine(ModelLocator.EmbeddedFolder()!, file), Path.Combine(folder, file));
        return folder;
    }
}
