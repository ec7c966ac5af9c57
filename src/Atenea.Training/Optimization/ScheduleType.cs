namespace Atenea.Training;

/// <summary>The course of the learning rate over a run, under Hugging Face's names (<c>lr_scheduler_type</c>).</summary>
public enum ScheduleType
{
    /// <summary>Warm-up, then a straight line to 0.</summary>
    Linear,

    /// <summary>Warm-up, then a half cosine to 0 (<c>num_cycles</c> 0.5).</summary>
    Cosine,

    /// <summary>Warm-up, then <c>num_cycles</c> half cosines, each from the top.</summary>
    CosineWithRestarts,

    /// <summary>Warm-up, then (1 - progress)^<c>power</c> down to <c>lr_end</c>.</summary>
    Polynomial,

    /// <summary>No change at all, no warm-up either.</summary>
    Constant,

    /// <summary>Warm-up, then no change.</summary>
    ConstantWithWarmup,

    /// <summary>Warm-up, then 1/sqrt of the step in units of <c>timescale</c>.</summary>
    InverseSqrt,

    /// <summary>Cosine down to <c>min_lr</c> or <c>min_lr_rate</c>.</summary>
    CosineWithMinLr,

    /// <summary>The same with a warm-up that begins above 0 (<c>warmup_lr_rate</c>).</summary>
    CosineWarmupWithMinLr,

    /// <summary>Warm-up, a level stretch, a decay over <c>num_decay_steps</c>.</summary>
    WarmupStableDecay,
}

/// <summary>Hugging Face's names of the schedules.</summary>
internal static class ScheduleNames
{
    /// <summary>Schedules by name.</summary>
    public static IReadOnlyDictionary<string, ScheduleType> ByName { get; } = new Dictionary<string, ScheduleType>(StringComparer.Ordinal)
    {
        ["linear"] = ScheduleType.Linear,
        ["cosine"] = ScheduleType.Cosine,
        ["cosine_with_restarts"] = ScheduleType.CosineWithRestarts,
        ["polynomial"] = ScheduleType.Polynomial,
        ["constant"] = ScheduleType.Constant,
        ["constant_with_warmup"] = ScheduleType.ConstantWithWarmup,
        ["inverse_sqrt"] = ScheduleType.InverseSqrt,
        ["cosine_with_min_lr"] = ScheduleType.CosineWithMinLr,
        ["cosine_warmup_with_min_lr"] = ScheduleType.CosineWarmupWithMinLr,
        ["warmup_stable_decay"] = ScheduleType.WarmupStableDecay,
    };
}
