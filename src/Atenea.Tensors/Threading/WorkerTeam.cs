using System.Runtime.ExceptionServices;

namespace Atenea.Tensors;

/// <summary>
/// A persistent team of threads for kernels. The calling thread is its first member, so a team of one starts no thread. Work is a number of
/// independent tasks that write disjoint outputs; which thread runs which task is left open and never changes a result.
/// </summary>
internal sealed unsafe class WorkerTeam : IDisposable
{
    // A worker that has run dry spins this long before it sleeps: the next kernel of a model follows within microseconds.
    private const int SpinIterations = 4000;

    private readonly Thread[] _threads;
    private readonly object _gate = new(); // sleepers wait on it
    private delegate*<void*, int, void> _body;
    private void* _state;
    private long _work; // number of tasks in the upper half, the next one to take in the lower
    private int _done; // tasks of the current run that are finished
    private int _generation;
    private int _sleeping;
    private Exception? _failure;
    private volatile bool _stop;

    /// <summary>Starts the team.</summary>
    /// <param name="size">Members, the caller included; 0 means one per processor.</param>
    public WorkerTeam(int size = 0)
    {
        Size = size > 0 ? size : Environment.ProcessorCount;
        _threads = new Thread[Size - 1];
        for (int i = 0; i < _threads.Length; i++)
        {
            _threads[i] = new Thread(Work) { IsBackground = true, Name = $"atenea-{i + 1}" };
            _threads[i].Start();
        }
    }

    /// <summary>Members, the caller included.</summary>
    public int Size { get; }

    /// <summary>
    /// Runs <paramref name="body"/> for every task in [0, <paramref name="taskCount"/>) and returns when all are done. Allocates nothing.
    /// Not re-entrant: one caller at a time, and a body must not call it.
    /// </summary>
    /// <param name="taskCount">Number of tasks.</param>
    /// <param name="body">A static method: (state, task).</param>
    /// <param name="state">What the tasks share, usually a struct on the caller's stack.</param>
    public void Run(int taskCount, delegate*<void*, int, void> body, void* state)
    {
        if (Size == 1 || taskCount <= 1)
        {
            for (int task = 0; task < taskCount; task++) body(state, task);
            return;
        }

        _body = body;
        _state = state;
        _failure = null;
        _done = 0;
        Volatile.Write(ref _work, (long)taskCount << 32);
        Interlocked.Increment(ref _generation);
        WakeSleepers(taskCount - 1);
        Drain();
        var spinner = default(SpinWait);
        while (Volatile.Read(ref _done) != taskCount) spinner.SpinOnce(sleep1Threshold: -1);
        if (_failure is { } failure) ExceptionDispatchInfo.Throw(failure);
    }

    /// <summary>Ends the threads.</summary>
    public void Dispose()
    {
        if (_stop) return;
        _stop = true;
        Interlocked.Increment(ref _generation);
        WakeSleepers(_threads.Length);
        foreach (Thread thread in _threads) thread.Join();
    }

    /// <summary>
    /// Takes tasks until none is left. Whoever takes one keeps the run open until it is counted as done, so <see cref="_body"/> and
    /// <see cref="_state"/> are read after taking and belong to it; the caller waits for tasks, not for threads: a worker that the system
    /// lets sleep holds nobody up, and finds nothing, or the next run's tasks, when it comes.
    /// </summary>
    private void Drain()
    {
        int finished = 0;
        while (true)
        {
            long taken = Interlocked.Increment(ref _work) - 1;
            int task = (int)taken;
            if (task >= (int)(taken >> 32)) break;
            try
            {
                if (Volatile.Read(ref _failure) is null) _body(_state, task);
            }
            catch (Exception failure)
            {
                Interlocked.CompareExchange(ref _failure, failure, null);
            }

            finished++;
        }

        if (finished > 0) Interlocked.Add(ref _done, finished);
    }

    private void Work()
    {
        int seen = 0;
        while (true)
        {
            seen = AwaitGeneration(seen);
            if (_stop) return;
            Drain();
        }
    }

    private int AwaitGeneration(int seen)
    {
        // With more threads than processors a spinning one only keeps a working one away.
        int spins = Size <= Environment.ProcessorCount ? SpinIterations : 0;
        for (int i = 0; i < spins; i++)
        {
            int generation = Volatile.Read(ref _generation);
            if (generation != seen) return generation;
            Thread.SpinWait(8);
        }

        // Run raises the generation before it looks for sleepers, a sleeper counts itself before it looks at the generation: one of the two
        // notices.
        Interlocked.Increment(ref _sleeping);
        int awaited;
        lock (_gate)
        {
            while ((awaited = Volatile.Read(ref _generation)) == seen) Monitor.Wait(_gate);
        }

        Interlocked.Decrement(ref _sleeping);
        return awaited;
    }

    private void WakeSleepers(int useful)
    {
        int sleeping = Volatile.Read(ref _sleeping);
        if (sleeping == 0) return;
        lock (_gate)
        {
            if (useful >= sleeping) Monitor.PulseAll(_gate);
            else for (int i = 0; i < useful; i++) Monitor.Pulse(_gate);
        }
    }
}
