using System.Security.Cryptography;
using Atenea.Tensors;

namespace Atenea.Training.Tests;

/// <summary>
/// The bits of a short run of the first example. They may only change with a stated reason: whoever repeats an old run expects them.
/// </summary>
public class AnchorTests
{
    private const string Weights = "e52b8072c65b378a8e66ba3d679c97b7e1edc34281c4b600a842b350170b4cfb";

    public static TheoryData<string> Backends => new(Backend.Available);

    [Theory]
    [MemberData(nameof(Backends))]
    public void A_run_of_the_example_ends_with_the_same_bits_on_every_instruction_set(string backend)
    {
        using var folder = new TemporaryFolder();
        RunConfig config = ConfigReader.Read(Path.Combine(References.Repository, "examples", "emotion", "config.yaml"),
        [
            new("training.max_steps", "24"),
            new("training.save_strategy", "no"),
            new("training.eval_strategy", "no"),
            new("training.load_best_model_at_end", "false"),
            new("data.max_predict_samples", "16"),
            new("training.output_dir", folder.Path),
        ]);
        TrainingRunResult result = TrainingRun.Train(config, new TrainingRunOptions { Backend = backend });
        byte[] weights = File.ReadAllBytes(Path.Combine(result.Folder.Best, "model.safetensors"));
        Assert.Equal(Weights, Convert.ToHexStringLower(SHA256.HashData(weights)));
    }
}
