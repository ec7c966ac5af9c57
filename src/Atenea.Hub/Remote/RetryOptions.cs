namespace Atenea.Hub;

/// <summary>How often and how patiently the hub client tries again.</summary>
public sealed record RetryOptions
{
    /// <summary>Further attempts after a failure; a download that moved on between two failures starts counting anew.</summary>
    public int Attempts { get; init; } = 5;

    /// <summary>Wait before the second attempt; doubled, with jitter, before each further one.</summary>
    public TimeSpan BaseDelay { get; init; } = TimeSpan.FromSeconds(0.5);

    /// <summary>Longest wait that we choose ourselves.</summary>
    public TimeSpan MaxDelay { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>Longest wait that a server may ask for (<c>Retry-After</c>); if it asks for more, the user is told instead.</summary>
    public TimeSpan LongestServerDelay { get; init; } = TimeSpan.FromMinutes(5);
}
