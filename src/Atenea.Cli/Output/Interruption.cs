using System.Runtime.InteropServices;

namespace Atenea.Cli.Output;

/// <summary>
/// Turns Ctrl-C (SIGINT) and SIGTERM into a request to stop, so that a run can save itself. A second one ends the process at once.
/// </summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _registrations;
    private int _count;

    /// <summary>Begins to listen.</summary>
    /// <param name="asked">Told once, when the first signal comes; runs on another thread.</param>
    public Interruption(Action asked)
    {
        void Handle(PosixSignalContext context)
        {
            if (Interlocked.Increment(ref _count) > 1) return; // Not cancelled: the signal does what it does by default.
            context.Cancel = true;
            asked();
            _source.Cancel();
        }

        _registrations = [PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle), PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle)];
    }

    /// <summary>Becomes cancelled with the first signal.</summary>
    public CancellationToken Token => _source.Token;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations) registration.Dispose();
        _source.Dispose();
    }
}
