namespace Atenea.Tensors;

/// <summary>Backward of an activation over a whole matrix, in parallel over rows.</summary>
internal static unsafe class ActivationRows
{
    private const int RowsPerTask = 16;

    /// <summary>target = gradient * f'(before), element-wise; target may be gradient.</summary>
    public static void Backward(WorkerTeam team, Activation activation, float* before, float* gradient, float* target, int rows, int columns)
    {
        var job = new Job { Activation = activation, Before = before, Gradient = gradient, Target = target, Rows = rows, Columns = columns };
        team.Run((rows + RowsPerTask - 1) / RowsPerTask, &Run, &job);
    }

    private static void Run(void* state, int task)
    {
        Job job = *(Job*)state;
        int first = task * RowsPerTask;
        int last = Math.Min(job.Rows, first + RowsPerTask);
        for (int i = first; i < last; i++)
        {
            long at = (long)i * job.Columns;
            ActivationKernels.Backward(job.Activation, job.Before + at, job.Gradient + at, job.Target + at, job.Columns);
        }
    }

    private struct Job
    {
        public Activation Activation;
        public float* Before;
        public float* Gradient;
        public float* Target;
        public int Rows;
        public int Columns;
    }
}
