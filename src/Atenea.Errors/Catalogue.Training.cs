namespace Atenea.Errors;

public static partial class Catalogue
{
    /// <summary>The loss became infinite or not a number.</summary>
    public static readonly ErrorCode LossNotFinite = new("ATN0701", "loss is not finite",
        "lower training.learning_rate, or raise training.warmup_steps; look at the rows named", ErrorCode.RunFailed);

    /// <summary>A gradient became infinite or not a number.</summary>
    public static readonly ErrorCode GradientNotFinite = new("ATN0702", "gradient is not finite",
        "lower training.learning_rate, or raise training.warmup_steps; look at the rows named", ErrorCode.RunFailed);

    /// <summary>A run cannot be resumed from what is in its folder.</summary>
    public static readonly ErrorCode ResumeImpossible = new("ATN0703", "run cannot be resumed",
        "start the run anew");

    /// <summary>A metric was asked for that the evaluation does not give.</summary>
    public static readonly ErrorCode MetricUnknown = new("ATN0704", "no such metric",
        "use one of the metrics named");

    /// <summary>A data set has no row that can be used.</summary>
    public static readonly ErrorCode NothingToTrainOn = new("ATN0705", "nothing to train on",
        "check the data set and the batch size");
}
