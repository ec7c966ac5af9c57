using Atenea.Pipelines;
using Atenea.Training;
using Microsoft.Extensions.AI;

namespace Atenea.Cli.Tests;

/// <summary>The C# blocks of the README, line by line; a test compares them with it and runs them.</summary>
internal static class LibraryExamples
{
    public static void Use()
    {
        using var classifier = TextClassificationPipeline.Load("runs/emotion");
        TextClassification answer = classifier.Classify("What a wonderful day!");
        Console.WriteLine($"{answer.Label}: {answer.Score:0.000}");

        foreach (TextClassification each in classifier.ClassifyStream(File.ReadLines("tweets.txt").Select(TextInput.FromString)))
            Console.WriteLine(string.Join(", ", each.Top(2)));
    }

    public static async Task Embed()
    {
        using var generator = EmbeddingGenerator.Load("all-MiniLM-L6-v2");
        GeneratedEmbeddings<Embedding<float>> vectors = await generator.GenerateAsync(["A cat sits outside.", "Stocks fell."]);
        Console.WriteLine(SentenceEmbeddingPipeline.Cosine(vectors[0].Vector.Span, vectors[1].Vector.Span));
    }

    public static void Train()
    {
        RunConfig config = ConfigReader.Read("examples/emotion/config.yaml",
            [new("training.max_steps", "2"), new("training.output_dir", "runs/short")]);
        TrainingRunResult result = TrainingRun.Train(config);
        Console.WriteLine($"test accuracy {result.Test?.Metric("accuracy"):0.000}, model in {result.Folder.Best}");
    }
}
