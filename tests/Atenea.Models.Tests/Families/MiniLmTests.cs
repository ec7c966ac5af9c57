using System.Text.Json;
using Atenea.Hub;
using Atenea.Tensors;
using Atenea.Tokenizers;

namespace Atenea.Models.Tests;

public sealed class MiniLmTests
{
    private const int BatchSize = 25;

    [Fact]
    [Trait("Category", "Slow")]
    [Trait("Data", "Goldens")]
    public void Sentence_embeddings_of_the_real_model_are_the_reference_s()
    {
        string folder = new HubCache(References.Beside("hub")).Find(RepositoryKind.Model, ModelLocator.EmbeddedId)!.Folder;
        string[] texts = [.. File.ReadLines(Embeddings("minilm-imdb1000.jsonl")).Select(Text)];
        using SafeTensorsFile reference = SafeTensorsFile.Open(Embeddings("minilm-imdb1000.safetensors"));
        float[] expected = reference.ReadFloats("embeddings");
        Tokenizer tokenizer = Tokenizer.FromDirectory(folder);
        using SentenceEncoder model = SentenceEncoder.Load(folder);
        Assert.True(model.Model.LoadReport!.IsExact, model.Model.LoadReport.ToString());
        Assert.Equal((SentencePooling.Mean, true, 256, 384), (model.Pooling, model.Normalises, model.MaxLength, model.Dimension));
        var options = EncodeOptions.Default with { MaxLength = model.MaxLength };
        using var engine = new Engine(2);
        var batch = new InputBatch();
        double worst = 0;
        for (int start = 0; start < texts.Length; start += BatchSize)
        {
            batch.Clear();
            foreach (string text in texts.AsSpan(start, Math.Min(BatchSize, texts.Length - start)))
                batch.Add(tokenizer.Encode(text, options: options).Ids);
            engine.Tape.Begin(TapeMode.Inference);
            ReadOnlySpan<float> vectors = model.Forward(engine.Pass(batch)).ToArray();
            for (int i = 0; i < vectors.Length; i++)
                worst = Math.Max(worst, Math.Abs(vectors[i] - expected[(start * model.Dimension) + i]));
        }

        Assert.InRange(worst, 0, 1e-6);
    }

    private static string Embeddings(string file)
    {
        string path = Path.Combine(References.Folder, "embeddings", file);
        if (References.Given is not null) Assert.SkipUnless(File.Exists(path), $"{References.Given} has no embeddings/{file}");
        return path;
    }

    private static string Text(string line)
    {
        using JsonDocument document = JsonDocument.Parse(line);
        return document.RootElement.GetProperty("text").GetString()!;
    }
}
