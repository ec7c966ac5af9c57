namespace Atenea.Hub;

/// <summary>
/// The files of a model repository that are of use here: weights as safetensors where there are any (else PyTorch's), configuration,
/// tokenizer and card; not the same weights for other programs, nor what a training run left behind.
/// </summary>
internal static class ModelFiles
{
    private static readonly FilePatterns OfOtherPrograms = new(
    [
        "*.onnx", "*.onnx_data", "onnx/*", "openvino/*", "coreml/*", "*.mlmodel", "*.mlpackage/*", "*.h5",
        "*.msgpack", "*.ot", "*.tflite", "*.gguf", "*.ggml",
        "*.ckpt", "*.ckpt.*", "*.pb", "*.npz", "tf_model*", "flax_model*", "rust_model*", "original/*",
    ]);

    private static readonly FilePatterns OfTrainingRuns = new(
    [
        "*training_args.bin", "*optimizer.*", "*scheduler.*", "*scaler.pt", "*rng_state*", "checkpoint-*/*", "runs/*",
        "*events.out.tfevents*", ".git*", "*.pyc",
    ]);

    private static readonly FilePatterns PyTorchWeights = new(["*.bin", "*.bin.index.json", "*.pt", "*.pth"]);

    /// <summary>Chooses.</summary>
    /// <param name="names">All files of the repository.</param>
    public static IEnumerable<string> Select(IEnumerable<string> names)
    {
        string[] all = [.. names];
        HashSet<string> withSafeTensors = [.. all.Where(n => n.EndsWith(".safetensors", StringComparison.Ordinal)).Select(Folder)];
        return all.Where(n => !OfOtherPrograms.Match(n) && !OfTrainingRuns.Match(n)
            && !(PyTorchWeights.Match(n) && withSafeTensors.Contains(Folder(n))));
    }

    private static string Folder(string name) => name[..(name.LastIndexOf('/') + 1)];
}
