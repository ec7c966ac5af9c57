using System.Runtime.InteropServices;
using Atenea.Hub;

namespace Atenea.Cli;

/// <summary>
/// Turns Ctrl-C (SIGINT) and SIGTERM into a request to stop, so that a run can save itself. A second one ends the process at once, as the
/// first does in commands that do not listen; files that are being written are then taken away.
/// </summary>
internal sealed class Interruption : IDisposable
{
    private static int _listeners;

    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _registrations;
    private int _count;

    /// <summary>Begins to listen.</summary>
    /// <param name="asked">Told once, when the first signal comes; runs on another thread.</param>
    public Interruption(Action asked)
    {
        void Handle(PosixSignalContext context)
        {
            if (Interlocked.Increment(ref _count) > 1)
            {
                AtomicFile.DiscardUnfinished();
                return; // Not cancelled: the signal does what it does by default.
            }

            context.Cancel = true;
            asked();
            _source.Cancel();
        }

        Interlocked.Increment(ref _listeners);
        _registrations = Register(Handle);
    }

    /// <summary>Takes unfinished files away when a signal ends the process; where a command listens itself, nothing.</summary>
    public static IDisposable TidyOnExit()
    {
        PosixSignalRegistration[] registrations = Register(_ =>
        {
            if (Volatile.Read(ref _listeners) == 0) AtomicFile.DiscardUnfinished();
        });
        return new Registrations(registrations);
    }

    /// <summary>Becomes cancelled with the first signal.</summary>
    public CancellationToken Token => _source.Token;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations) registration.Dispose();
        Interlocked.Decrement(ref _listeners);
        _source.Dispose();
    }

    private static PosixSignalRegistration[] Register(Action<PosixSignalContext> handle) =>
        [PosixSignalRegistration.Create(PosixSignal.SIGINT, handle), PosixSignalRegistration.Create(PosixSignal.SIGTERM, handle)];

    private sealed class Registrations(PosixSignalRegistration[] registrations) : IDisposable
    {
        public void Dispose()
        {
            foreach (PosixSignalRegistration registration in registrations) registration.Dispose();
        }
    }
}
