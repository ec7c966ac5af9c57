namespace Atenea.Tokenizers;

/// <summary>Growing arrays that models use while they tokenise one word.</summary>
internal sealed class ModelScratch
{
    private readonly int[][] _ints = new int[8][];
    private double[] _doubles = [];

    /// <summary>An uninitialised array number <paramref name="which"/> (0 to 7) of at least <paramref name="size"/> integers.</summary>
    public int[] Ints(int which, int size)
    {
        int[]? array = _ints[which];
        if (array is null || array.Length < size)
        {
            array = new int[Math.Max(256, size * 2)];
            _ints[which] = array;
        }

        return array;
    }

    /// <summary>An uninitialised array of at least <paramref name="size"/> doubles.</summary>
    public double[] Doubles(int size)
    {
        if (_doubles.Length < size)
        {
            _doubles = new double[Math.Max(256, size * 2)];
        }

        return _doubles;
    }
}
