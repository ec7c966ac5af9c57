using Atenea.Errors;
using Polly;
using Polly.Retry;

namespace Atenea.Hub;

/// <summary>A failure that may pass: worth another attempt.</summary>
/// <param name="final">What the user is told when the attempts are used up.</param>
/// <param name="retryAfter">The wait that the server asked for, or null.</param>
/// <param name="attempts">Fewer further attempts than usual, or null.</param>
internal sealed class TransientException(AteneaException final, TimeSpan? retryAfter = null, int? attempts = null)
    : Exception(final.Message, final)
{
    /// <summary>What the user is told when the attempts are used up.</summary>
    public AteneaException Final { get; } = final;

    /// <summary>The wait that the server asked for, or null.</summary>
    public TimeSpan? RetryAfter { get; } = retryAfter;

    /// <summary>Fewer further attempts than usual, or null.</summary>
    public int? Attempts { get; } = attempts;
}

/// <summary>One piece of work over its attempts.</summary>
internal sealed class Attempts
{
    /// <summary>Failures since the work last moved on.</summary>
    public int Failures { get; set; }

    /// <summary>Tells that the work moved on, so that a long download over a bad line is not given up.</summary>
    public void Progressed() => Failures = 0;
}

/// <summary>Tries again with exponential back-off and jitter, or when the server says.</summary>
/// <param name="options">How often and how patiently.</param>
/// <param name="notice">Told before a wait that a person would notice; null for silence.</param>
internal sealed class Retry(RetryOptions options, Action<string>? notice)
{
    private static readonly TimeSpan Noticeable = TimeSpan.FromSeconds(2);

    /// <summary>Runs work until it succeeds, fails for good, or has failed too often.</summary>
    /// <param name="work">Throws <see cref="TransientException"/> for what may pass.</param>
    /// <param name="cancellation">Ends it, also during a wait.</param>
    /// <exception cref="AteneaException">It failed.</exception>
    public async Task<T> RunAsync<T>(Func<Attempts, CancellationToken, ValueTask<T>> work, CancellationToken cancellation)
    {
        var attempts = new Attempts();
        ResiliencePipeline pipeline = new ResiliencePipelineBuilder().AddRetry(new RetryStrategyOptions
        {
            MaxRetryAttempts = int.MaxValue, // The count of failures without progress decides.
            ShouldHandle = outcome => new(outcome.Outcome.Exception is TransientException failure && MayRetry(attempts, failure)),
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Delay = options.BaseDelay,
            MaxDelay = options.MaxDelay,
            DelayGenerator = outcome => new((outcome.Outcome.Exception as TransientException)?.RetryAfter),
            OnRetry = outcome =>
            {
                if (outcome.RetryDelay >= Noticeable && outcome.Outcome.Exception is TransientException failure)
                {
                    string wait = $"trying again in {Math.Ceiling(outcome.RetryDelay.TotalSeconds):0} s";
                    notice?.Invoke($"{failure.Final.Code.Title}: {failure.Final.What}; {wait}");
                }

                return default;
            },
        }).Build();
        try
        {
            return await pipeline.ExecuteAsync(token => work(attempts, token), cancellation).ConfigureAwait(false);
        }
        catch (TransientException failure)
        {
            throw failure.Final;
        }
    }

    private bool MayRetry(Attempts attempts, TransientException failure) =>
        ++attempts.Failures <= Math.Min(options.Attempts, failure.Attempts ?? int.MaxValue)
        && (failure.RetryAfter is not { } asked || asked <= options.LongestServerDelay);
}
