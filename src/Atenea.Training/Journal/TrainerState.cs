using System.Text.Json;
using System.Text.Json.Nodes;
using Atenea.Errors;
using Atenea.Hub;

namespace Atenea.Training;

/// <summary>
/// Where a run stands. Written as <c>trainer_state.json</c> with the keys of transformers' TrainerState; what only this program needs to go
/// on with the same bits is under <c>atenea</c>.
/// </summary>
public sealed class TrainerState
{
    /// <summary>The file's name.</summary>
    public const string FileName = "trainer_state.json";

    private const string Own = "atenea";

    /// <summary>Optimizer steps made.</summary>
    public int GlobalStep { get; set; }

    /// <summary>Optimizer steps of the whole run.</summary>
    public int MaxSteps { get; set; }

    /// <summary>Passes over the training rows so far.</summary>
    public double Epoch { get; set; }

    /// <summary>Value of the deciding metric at the best evaluation, or null.</summary>
    public double? BestMetric { get; set; }

    /// <summary>Steps made when the best evaluation took place, or null.</summary>
    public int? BestStep { get; set; }

    /// <summary>Log entries and evaluations, as transformers keeps them.</summary>
    public List<JsonObject> LogHistory { get; } = [];

    /// <summary>Every event of the run so far, as in <c>history.jsonl</c>.</summary>
    public List<JsonObject> Events { get; } = [];

    /// <summary>Tokens that went through the model in training.</summary>
    public long TokensSeen { get; set; }

    /// <summary>Rows that went through the model in training.</summary>
    public long RowsSeen { get; set; }

    /// <summary>
    /// Floating-point operations of training, as transformers estimates them: 6 per token and weight outside embedding tables.
    /// </summary>
    public double TotalFlos { get; set; }

    /// <summary>Sum of the steps' losses since the last log entry.</summary>
    public double LossSinceLog { get; set; }

    /// <summary>Sum of the steps' losses.</summary>
    public double TotalLoss { get; set; }

    /// <summary>Steps made at the last log entry.</summary>
    public int LoggedStep { get; set; }

    /// <summary>Steps made at the last evaluation, -1 before the first.</summary>
    public int EvaluatedStep { get; set; } = -1;

    /// <summary>Seconds spent in training steps.</summary>
    public double TrainSeconds { get; set; }

    /// <summary>Seconds of the whole run, evaluations and saves included.</summary>
    public double RunSeconds { get; set; }

    /// <summary>Training features, to tell whether the data are still the same.</summary>
    public int Rows { get; set; }

    /// <summary>Norm of the last step's gradient before clipping.</summary>
    public double GradientNorm { get; set; }

    /// <summary>The course of the loss, for the report.</summary>
    internal LossCurve Curve { get; set; } = new(1);

    /// <summary>Mean loss over all steps so far.</summary>
    public double TrainLoss => GlobalStep == 0 ? double.NaN : TotalLoss / GlobalStep;

    /// <summary>Takes in how long the run is, which may have changed since the state was saved.</summary>
    /// <param name="maxSteps">Optimizer steps of the whole run.</param>
    /// <param name="rows">Training features.</param>
    internal void Begin(int maxSteps, int rows)
    {
        Rows = rows;
        if (MaxSteps == maxSteps) return;
        var curve = new LossCurve(maxSteps);
        if (GlobalStep > 0) curve.Read(Curve.ToJson());
        (Curve, MaxSteps) = (curve, maxSteps);
    }

    /// <summary>The state as JSON.</summary>
    /// <param name="plan">The run's plan.</param>
    /// <param name="trainBatchSize">Rows per micro-batch.</param>
    internal JsonObject ToJson(TrainingPlan plan, int trainBatchSize) => new()
    {
        ["best_global_step"] = BestStep,
        ["best_metric"] = BestMetric is { } best ? Json.Number(best) : null,
        ["best_model_checkpoint"] = BestStep is null ? null : RunFolder.BestName,
        ["epoch"] = Epoch,
        ["eval_steps"] = plan.EvalSteps,
        ["global_step"] = GlobalStep,
        ["is_hyper_param_search"] = false,
        ["is_local_process_zero"] = true,
        ["is_world_process_zero"] = true,
        ["log_history"] = new JsonArray([.. LogHistory.Select(e => (JsonNode?)e.DeepClone())]),
        ["logging_steps"] = plan.LoggingSteps,
        ["max_steps"] = MaxSteps,
        ["num_input_tokens_seen"] = TokensSeen,
        ["num_train_epochs"] = plan.Epochs,
        ["save_steps"] = plan.SaveSteps,
        ["stateful_callbacks"] = new JsonObject(),
        ["total_flos"] = TotalFlos,
        ["train_batch_size"] = trainBatchSize,
        ["trial_name"] = null,
        ["trial_params"] = null,
        [Own] = new JsonObject
        {
            ["rows"] = Rows,
            ["rows_seen"] = RowsSeen,
            ["loss_since_log"] = LossSinceLog,
            ["total_loss"] = TotalLoss,
            ["logged_step"] = LoggedStep,
            ["evaluated_step"] = EvaluatedStep,
            ["grad_norm"] = Json.Number(GradientNorm),
            ["train_seconds"] = TrainSeconds,
            ["run_seconds"] = RunSeconds,
            ["curve"] = Curve.ToJson(),
            ["events"] = new JsonArray([.. Events.Select(e => (JsonNode?)e.DeepClone())]),
        },
    };

    /// <summary>Reads a state.</summary>
    /// <exception cref="AteneaException">The file is missing (ATN04xx) or not a state of this program (ATN0703).</exception>
    public static TrainerState Load(string path)
    {
        string text = FileErrors.ReadText(path);
        try
        {
            JsonNode root = JsonNode.Parse(text)!, own = root[Own] ?? throw new FormatException($"the key '{Own}' is missing");
            var state = new TrainerState
            {
                GlobalStep = Value<int>(root, "global_step"),
                MaxSteps = Value<int>(root, "max_steps"),
                Epoch = Value<double>(root, "epoch"),
                BestMetric = root["best_metric"]?.GetValue<double>(),
                BestStep = root["best_global_step"]?.GetValue<int>(),
                TokensSeen = Value<long>(root, "num_input_tokens_seen"),
                TotalFlos = Value<double>(root, "total_flos"),
                Rows = Value<int>(own, "rows"),
                RowsSeen = Value<long>(own, "rows_seen"),
                LossSinceLog = Value<double>(own, "loss_since_log"),
                TotalLoss = Value<double>(own, "total_loss"),
                LoggedStep = Value<int>(own, "logged_step"),
                EvaluatedStep = Value<int>(own, "evaluated_step"),
                GradientNorm = own["grad_norm"]?.GetValue<double>() ?? double.NaN,
                TrainSeconds = Value<double>(own, "train_seconds"),
                RunSeconds = Value<double>(own, "run_seconds"),
            };
            state.Curve = new LossCurve(Math.Max(1, state.MaxSteps));
            state.Curve.Read(own["curve"]!);
            foreach (JsonNode? entry in root["log_history"]!.AsArray()) state.LogHistory.Add((JsonObject)entry!.DeepClone());
            foreach (JsonNode? entry in own["events"]!.AsArray()) state.Events.Add((JsonObject)entry!.DeepClone());
            return state;
        }
        catch (Exception e)
            when (e is JsonException or FormatException or InvalidOperationException or NullReferenceException or InvalidCastException)
        {
            throw new AteneaException(Catalogue.ResumeImpossible, $"the state cannot be read: {e.Message}", path, inner: e);
        }
    }

    private static T Value<T>(JsonNode node, string key) =>
        (node[key] ?? throw new FormatException($"the key '{key}' is missing")).GetValue<T>();
}
