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
    public void Sentence_embeddings_of_the_real_model_are_the_reference_s()
    {
        string folder = new HubCache(Shared.Path("hub")).Find(RepositoryKind.Model, ModelLocator.EmbeddedId)!.Folder;
        string[] texts = [.. File.ReadLines(Shared.Path("goldens", "embeddings", "minilm-imdb1000.jsonl")).Select(Text)];
        using SafeTensorsFile reference = SafeTensorsFile.Open(Shared.Path("goldens", "embeddings", "minilm-imdb1000.safetensors"));
        float[] expected = reference.ReadFloats("embeddings");
        Tokenizer tokenizer = Tokenizer.FromDirectory(folder);
        var options = EncodeOptions.Default with { MaxLength = 256 };
        using BaseModel model = ModelLoader.Load<BaseModel>(folder);
        Assert.True(model.LoadReport!.IsExact, model.LoadReport.ToString());
        using var engine = new Engine(2);
        var batch = new InputBatch();
        double worst = 0;
        for (int start = 0; start < texts.Length; start += BatchSize)
        {
            batch.Clear();
            foreach (string text in texts.AsSpan(start, BatchSize)) batch.Add(tokenizer.Encode(text, options: options).Ids);
            engine.Tape.Begin(TapeMode.Inference);
            Tensor states = model.Forward(engine.Tape, batch).LastHiddenState;
            for (int s = 0; s < batch.Sequences; s++)
            {
                double[] vector = MeanPooled(states, batch.Offsets[s], batch.Offsets[s + 1]);
                for (int i = 0; i < vector.Length; i++)
                    worst = Math.Max(worst, Math.Abs(vector[i] - expected[((start + s) * vector.Length) + i]));
            }
        }

        Assert.InRange(worst, 0, 1e-6);
    }

    private static double[] MeanPooled(Tensor states, int start, int end)
    {
        var vector = new double[states.Columns];
        for (int token = start; token < end; token++)
        {
            ReadOnlySpan<float> row = states.Row(token);
            for (int i = 0; i < vector.Length; i++) vector[i] += row[i];
        }

        double norm = Math.Sqrt(vector.Sum(value => value * value));
        return [.. vector.Select(value => value / norm)]; // The division by the number of tokens cancels.
    }

    private static string Text(string line)
    {
        using JsonDocument document = JsonDocument.Parse(line);
        return document.RootElement.GetProperty("text").GetString()!;
    }
}
