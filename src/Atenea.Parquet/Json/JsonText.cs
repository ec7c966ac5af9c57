using System.Buffers;
using System.Globalization;
using System.Numerics;
using System.Text;

namespace Atenea.Parquet;

/// <summary>A growing piece of JSON in UTF-8, with values in the forms of Python's <c>json</c> module and of ISO 8601.</summary>
internal sealed class JsonText
{
    private const int DaysPerCycle = 146097; // 400 years.
    private const int SecondsPerDay = 86400;

    private static readonly SearchValues<byte> Escaped =
        SearchValues.Create([.. Enumerable.Range(0, 32).Select(i => (byte)i), (byte)'"', (byte)'\\']);

    private byte[] _bytes = new byte[256];
    private int _length;

    /// <summary>What has been written.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _length);

    /// <summary>Counts of a unit in a second.</summary>
    public static long PerSecond(TimeUnit unit) => unit switch
    {
        TimeUnit.Milliseconds => 1_000,
        TimeUnit.Microseconds => 1_000_000,
        _ => 1_000_000_000,
    };

    /// <summary>Starts anew.</summary>
    public void Clear() => _length = 0;

    /// <summary>Makes room; <see cref="Advance"/> says how much of it was used.</summary>
    public Span<byte> Room(int count)
    {
        if (_bytes.Length - _length < count)
        {
            long larger = Math.Max(2L * _bytes.Length, (long)_length + count);
            Array.Resize(ref _bytes, checked((int)Math.Min(larger, Array.MaxLength)));
        }

        return _bytes.AsSpan(_length);
    }

    /// <summary>Counts bytes written into <see cref="Room"/>.</summary>
    public void Advance(int count) => _length += count;

    /// <summary>Appends a byte.</summary>
    public void Append(byte value)
    {
        Room(1)[0] = value;
        _length++;
    }

    /// <summary>Appends bytes.</summary>
    public void Append(ReadOnlySpan<byte> value)
    {
        value.CopyTo(Room(value.Length));
        _length += value.Length;
    }

    /// <summary>Appends text in quotation marks; only what JSON forbids is escaped.</summary>
    public void AppendString(ReadOnlySpan<byte> utf8)
    {
        Append((byte)'"');
        while (true)
        {
            int plain = utf8.IndexOfAny(Escaped);
            if (plain < 0)
            {
                Append(utf8);
                break;
            }

            Append(utf8[..plain]);
            AppendEscape(utf8[plain]);
            utf8 = utf8[(plain + 1)..];
        }

        Append((byte)'"');
    }

    /// <summary>Appends a signed integer.</summary>
    public void AppendInteger(long value)
    {
        value.TryFormat(Room(20), out int written, default, CultureInfo.InvariantCulture);
        _length += written;
    }

    /// <summary>Appends an unsigned integer.</summary>
    public void AppendUnsigned(ulong value)
    {
        value.TryFormat(Room(20), out int written, default, CultureInfo.InvariantCulture);
        _length += written;
    }

    /// <summary>Appends a number in its shortest form that reads back the same, laid out as Python does: 0.1, 2.0, 1e-05, 1e+16.</summary>
    public void AppendDouble(double value)
    {
        if (!double.IsFinite(value))
        {
            Append(double.IsNaN(value) ? "\"NaN\""u8 : value > 0 ? "\"Infinity\""u8 : "\"-Infinity\""u8);
            return;
        }

        Span<byte> text = stackalloc byte[40];
        // "E16" pads with zeros that are not there; "R" gives the shortest digits.
        value.TryFormat(text, out int length, "R", CultureInfo.InvariantCulture);
        ReadOnlySpan<byte> shortest = text[..length];
        if (shortest[0] == '-')
        {
            Append((byte)'-');
            shortest = shortest[1..];
        }

        Span<byte> digits = stackalloc byte[40];
        int count = 0, exponent = 0, point = -1;
        for (int i = 0; i < shortest.Length; i++)
        {
            if (shortest[i] == 'E')
            {
                exponent = int.Parse(shortest[(i + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
                break;
            }

            if (shortest[i] == '.') point = count;
            else digits[count++] = shortest[i];
        }
        // The value is 0.DIGITS times ten to the power of `scale`.
        int scale = (point < 0 ? count : point) + exponent;
        int zeros = digits[..count].IndexOfAnyExcept((byte)'0');
        if (zeros < 0)
        {
            Append("0.0"u8);
            return;
        }

        ReadOnlySpan<byte> significant = digits[zeros..count].TrimEnd((byte)'0');
        AppendDigits(significant, scale - zeros);
    }

    /// <summary>Appends a date: days since 1970-01-01 in the Gregorian calendar without a beginning.</summary>
    /// <remarks>Source: H. Hinnant, "chrono-Compatible Low-Level Date Algorithms", civil_from_days.</remarks>
    public void AppendDate(long days)
    {
        days += 719468; // From 0000-03-01: a leap day then ends its year.
        long cycle = Math.DivRem(days - (days < 0 ? DaysPerCycle - 1 : 0), DaysPerCycle).Quotient;
        int day = (int)(days - cycle * DaysPerCycle);
        int yearOfCycle = (day - day / 1460 + day / 36524 - day / 146096) / 365;
        int dayOfYear = day - (365 * yearOfCycle + yearOfCycle / 4 - yearOfCycle / 100);
        int shifted = (5 * dayOfYear + 2) / 153;
        int month = shifted < 10 ? shifted + 3 : shifted - 9;
        long year = yearOfCycle + cycle * 400 + (month <= 2 ? 1 : 0);
        if (year is < 0 or > 9999) Append(year < 0 ? (byte)'-' : (byte)'+'); // ISO 8601's form of years beyond four digits.
        AppendPadded(Math.Abs(year), 4);
        Append((byte)'-');
        AppendPadded(month, 2);
        Append((byte)'-');
        AppendPadded(dayOfYear - (153 * shifted + 2) / 5 + 1, 2);
    }

    /// <summary>Appends a time of day.</summary>
    public void AppendTime(long value, TimeUnit unit)
    {
        (long seconds, long fraction) = Math.DivRem(value, PerSecond(unit));
        AppendPadded(seconds / 3600, 2);
        Append((byte)':');
        AppendPadded(seconds / 60 % 60, 2);
        Append((byte)':');
        AppendPadded(seconds % 60, 2);
        Append((byte)'.');
        AppendPadded(fraction, unit switch { TimeUnit.Milliseconds => 3, TimeUnit.Microseconds => 6, _ => 9 });
    }

    /// <summary>Appends a time stamp in quotation marks.</summary>
    public void AppendTimestamp(long value, TimeUnit unit, bool isUtc)
    {
        long perDay = SecondsPerDay * PerSecond(unit);
        (long days, long rest) = Math.DivRem(value, perDay);
        AppendTimestamp(rest < 0 ? days - 1 : days, rest < 0 ? rest + perDay : rest, unit, isUtc);
    }

    /// <summary>Appends a time stamp in quotation marks.</summary>
    /// <param name="days">Days since 1970-01-01.</param>
    /// <param name="value">Units within the day; more than a day, or less than none, counts on.</param>
    /// <param name="unit">The unit.</param>
    /// <param name="isUtc">Whether a Z is to follow.</param>
    public void AppendTimestamp(long days, long value, TimeUnit unit, bool isUtc)
    {
        long perDay = SecondsPerDay * PerSecond(unit);
        (long more, long rest) = Math.DivRem(value, perDay);
        Append((byte)'"');
        AppendDate(days + more - (rest < 0 ? 1 : 0));
        Append((byte)'T');
        AppendTime(rest < 0 ? rest + perDay : rest, unit);
        if (isUtc) Append((byte)'Z');
        Append((byte)'"');
    }

    /// <summary>Appends a decimal number in quotation marks.</summary>
    /// <param name="unscaled">The number without its point.</param>
    /// <param name="scale">Decimals.</param>
    public void AppendDecimal(BigInteger unscaled, int scale)
    {
        string digits = BigInteger.Abs(unscaled).ToString(CultureInfo.InvariantCulture).PadLeft(scale + 1, '0');
        string sign = unscaled.Sign < 0 ? "-" : "";
        string text = scale == 0 ? sign + digits : $"{sign}{digits[..^scale]}.{digits[^scale..]}";
        Append((byte)'"');
        Append(Encoding.ASCII.GetBytes(text));
        Append((byte)'"');
    }

    private void AppendDigits(ReadOnlySpan<byte> digits, int scale)
    {
        if (scale is > 16 or <= -4)
        {
            Append(digits[0]);
            if (digits.Length > 1)
            {
                Append((byte)'.');
                Append(digits[1..]);
            }

            int exponent = scale - 1;
            Append(exponent < 0 ? "e-"u8 : "e+"u8);
            AppendPadded(Math.Abs(exponent), 2);
        }
        else if (scale <= 0)
        {
            Append("0."u8);
            for (int i = scale; i < 0; i++) Append((byte)'0');
            Append(digits);
        }
        else if (scale >= digits.Length)
        {
            Append(digits);
            for (int i = digits.Length; i < scale; i++) Append((byte)'0');
            Append(".0"u8);
        }
        else
        {
            Append(digits[..scale]);
            Append((byte)'.');
            Append(digits[scale..]);
        }
    }

    private void AppendPadded(long value, int digits)
    {
        Span<byte> text = stackalloc byte[20];
        value.TryFormat(text, out int length, default, CultureInfo.InvariantCulture);
        for (int i = length; i < digits; i++) Append((byte)'0');
        Append(text[..length]);
    }

    private void AppendEscape(byte value)
    {
        switch (value)
        {
            case (byte)'"': Append("\\\""u8); break;
            case (byte)'\\': Append("\\\\"u8); break;
            case (byte)'\n': Append("\\n"u8); break;
            case (byte)'\r': Append("\\r"u8); break;
            case (byte)'\t': Append("\\t"u8); break;
            case (byte)'\b': Append("\\b"u8); break;
            case (byte)'\f': Append("\\f"u8); break;
            default:
                Append("\\u00"u8);
                Append("0123456789abcdef"u8[value >> 4]);
                Append("0123456789abcdef"u8[value & 15]);
                break;
        }
    }
}
