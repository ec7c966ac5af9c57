using System.Buffers;
using Atenea.Tokenizers;

namespace Atenea.Cli;

/// <summary>The work of the peer kit's <c>tok</c> case: all documents of a text, one a line, to ids with special tokens.</summary>
internal sealed class TokenizerThroughput
{
    private const int DocumentsAtATime = 64;

    private readonly Tokenizer _tokenizer;
    private readonly string[] _documents;
    private readonly int _threads;

    /// <summary>Prepares the documents.</summary>
    /// <param name="tokenizer">The tokenizer.</param>
    /// <param name="text">The text; every line is a document.</param>
    /// <param name="threads">Number of threads.</param>
    public TokenizerThroughput(Tokenizer tokenizer, string text, int threads)
    {
        _tokenizer = tokenizer;
        _documents = text.Split('\n');
        _threads = Math.Max(1, threads);
        Megabytes = System.Text.Encoding.UTF8.GetByteCount(text) / 1e6;
    }

    /// <summary>Size of the text as UTF-8, in millions of bytes.</summary>
    public double Megabytes { get; }

    /// <summary>Encodes every document once; returns the number of ids.</summary>
    public long Encode()
    {
        long total = 0;
        int next = 0;

        // Each thread takes the next few documents, so that none waits for another's long ones.
        void Work()
        {
            var ids = new ArrayBufferWriter<int>(1 << 16);
            long count = 0;
            for (int from = Interlocked.Add(ref next, DocumentsAtATime) - DocumentsAtATime; from < _documents.Length;
                from = Interlocked.Add(ref next, DocumentsAtATime) - DocumentsAtATime)
            {
                ids.ResetWrittenCount();
                for (int i = from; i < Math.Min(from + DocumentsAtATime, _documents.Length); i++)
                {
                    count += _tokenizer.EncodeIds(_documents[i], ids);
                }
            }

            Interlocked.Add(ref total, count);
        }

        if (_threads == 1)
        {
            Work();
        }
        else
        {
            Parallel.For(0, _threads, new ParallelOptions { MaxDegreeOfParallelism = _threads }, _ => Work());
        }

        return total;
    }
}
