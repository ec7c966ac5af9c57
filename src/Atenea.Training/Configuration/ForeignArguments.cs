using YamlDotNet.RepresentationModel;

namespace Atenea.Training;

/// <summary>
/// Keys of Hugging Face's <c>TrainingArguments</c> that a user may bring along but that mean nothing here, or ask for something that is not
/// there.
/// A key that only repeats Hugging Face's default is accepted in silence.
/// </summary>
internal static class ForeignArguments
{
    private const string OneMachine = "a run uses the processors of one machine";
    private const string Hub = "runs are not uploaded; upload the folder best/ with huggingface-cli";
    private const string Torch = "it is about PyTorch's own execution";
    private const string Activations =
        "all activations of a batch are kept; use a smaller batch with gradient_accumulation_steps, which gives the same result";

    private const string Columns = "the columns that are used are named under data";

    // Name, Hugging Face's default as text (that value is accepted in silence), why not, and whether asking for it stops the run.
    private static readonly Dictionary<string, (string Default, string Reason, bool Refused)> Known = new(StringComparer.Ordinal)
    {
        ["bf16"] = ("false", "weights and sums are float32", true),
        ["fp16"] = ("false", "weights and sums are float32", true),
        ["bf16_full_eval"] = ("false", "weights and sums are float32", true),
        ["fp16_full_eval"] = ("false", "weights and sums are float32", true),
        ["tf32"] = ("null", Torch, false),
        ["gradient_checkpointing"] = ("false", Activations, true),
        ["activation_checkpointing"] = ("false", Activations, true),
        ["neftune_noise_alpha"] = ("null", "noise on embeddings is not built", true),
        ["auto_find_batch_size"] = ("false", "set per_device_train_batch_size", true),
        ["optim_args"] = ("null", "AdamW's settings are keys of their own", true),
        ["optim_target_modules"] = ("null", "AdamW trains all parameters", true),
        ["deepspeed"] = ("null", OneMachine, true),
        ["fsdp"] = ("null", OneMachine, true),
        ["fsdp_config"] = ("null", OneMachine, true),
        ["parallelism_config"] = ("null", OneMachine, true),
        ["accelerator_config"] = ("null", OneMachine, false),
        ["group_by_length"] = ("false", "batches carry no padding, so grouping by length saves nothing", false),
        ["train_sampling_strategy"] = ("random", "rows are taken in random order", true),
        ["length_column_name"] = ("length", Columns, false),
        ["remove_unused_columns"] = ("true", Columns, false),
        ["label_names"] = ("null", Columns, false),
        ["prediction_loss_only"] = ("false", "metrics are always computed", false),
        ["batch_eval_metrics"] = ("false", "metrics are computed over all rows at once", false),
        ["include_for_metrics"] = ("null", "metrics use labels and predictions", false),
        ["eval_accumulation_steps"] = ("null", "predictions are small and stay in memory", false),
        ["save_only_model"] = ("false", "last/ always holds all that resuming needs", true),
        ["ignore_data_skip"] = ("false", "a resumed run continues within its epoch", true),
        ["resume_from_checkpoint"] = ("null", "resume with `atenea train --resume RUN`", true),
        ["use_cpu"] = ("false", "everything runs on the processor", false),
        ["no_cuda"] = ("false", "everything runs on the processor", false),
        ["full_determinism"] = ("false", "every run is deterministic", false),
        ["report_to"] = ("none", "curves are in report.html and history.jsonl", false),
        ["logging_dir"] = ("null", "logs are in the run's folder", false),
        ["disable_tqdm"] = ("false", "progress is chosen on the command line", false),
        ["log_level"] = ("passive", "logging is chosen on the command line", false),
        ["logging_nan_inf_filter"] = ("true", "a loss that is not finite stops the run", false),
        ["include_num_input_tokens_seen"] = ("no", "tokens seen are always counted", false),
        ["skip_memory_metrics"] = ("true", "peak memory is always reported", false),
        ["overwrite_output_dir"] = ("false", "a run replaces what an earlier one left in its folder", false),
        ["do_train"] = ("false", "`atenea train` trains", false),
        ["do_eval"] = ("false", "set eval_strategy", false),
        ["do_predict"] = ("false", "name data.test", false),
        ["push_to_hub"] = ("false", Hub, true),
        ["hub_model_id"] = ("null", Hub, false),
        ["hub_token"] = ("null", Hub, false),
        ["hub_strategy"] = ("every_save", Hub, false),
        ["torch_compile"] = ("false", Torch, false),
        ["torch_compile_backend"] = ("null", Torch, false),
        ["torch_compile_mode"] = ("null", Torch, false),
        ["use_liger_kernel"] = ("false", Torch, false),
        ["use_cache"] = ("false", Torch, false),
        ["dataloader_num_workers"] = ("0", "rows are prepared once, before the first step", false),
        ["dataloader_pin_memory"] = ("true", "there is no copying to a device", false),
        ["dataloader_persistent_workers"] = ("false", "rows are prepared once, before the first step", false),
        ["dataloader_prefetch_factor"] = ("null", "rows are prepared once, before the first step", false),
        ["local_rank"] = ("-1", OneMachine, false),
        ["ddp_backend"] = ("null", OneMachine, false),
        ["ddp_find_unused_parameters"] = ("null", OneMachine, false),
    };

    // Old names and what they are called now.
    private static readonly Dictionary<string, string> Renamed = new(StringComparer.Ordinal)
    {
        ["evaluation_strategy"] = "eval_strategy",
        ["per_gpu_train_batch_size"] = "per_device_train_batch_size",
        ["per_gpu_eval_batch_size"] = "per_device_eval_batch_size",
        ["max_seq_length"] = "data.max_length",
    };

    public readonly record struct Explanation(bool Refused, string Reason, string? Remedy);

    /// <summary>What to say about a key, or null if Hugging Face has no such argument.</summary>
    public static Explanation? Explain(string path, YamlNode value)
    {
        const string Section = "training.";
        string name = path.StartsWith(Section, StringComparison.Ordinal) ? path[Section.Length..] : path;
        if (Renamed.TryGetValue(name, out string? now))
            return new Explanation(true, "an older name", $"write {(now.Contains('.', StringComparison.Ordinal) ? now : Section + now)}");
        if (!Known.TryGetValue(name, out var known)) return null;
        string text = (value as YamlScalarNode)?.Value ?? "";
        bool isDefault = string.Equals(text, known.Default, StringComparison.OrdinalIgnoreCase)
            || (known.Default == "null" && value is YamlScalarNode { Value: null or "" or "~" });
        return isDefault ? new Explanation(false, "", null) : new Explanation(known.Refused, known.Reason, null);
    }
}
