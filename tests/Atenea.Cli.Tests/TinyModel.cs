using Atenea.Hub;
using Atenea.Models;

namespace Atenea.Cli.Tests;

/// <summary>Small random classifiers in a model folder, with the embedded tokenizer.</summary>
internal static class TinyModel
{
    /// <summary>Writes a BERT classifier.</summary>
    /// <param name="folder">Where to.</param>
    /// <param name="labels">Its classes.</param>
    /// <param name="problem">What its outputs mean; null leaves it open.</param>
    public static string Write(string folder, IReadOnlyList<string> labels, ProblemType? problem = null)
    {
        ModelConfig config = ModelConfig.Parse(
            """{"model_type": "bert", "vocab_size": 30522, "hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 32, "max_position_embeddings": 64}""",
            "tiny");
        config.SetLabels(labels);
        config.ProblemType = problem;
        Directory.CreateDirectory(folder);
        using (SequenceClassifier model = SequenceClassifier.FromConfig(config, seed: 7)) model.Save(folder);
        foreach (string file in new[] { "tokenizer.json", "tokenizer_config.json" }) File.Copy(Path.Combine(ModelLocator.EmbeddedFolder()!, file), Path.Combine(folder, file));
        return folder;
    }
}
