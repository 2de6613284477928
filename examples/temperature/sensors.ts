/** Sensors of real weather: the daily maximum and minimum thermometers of Seattle and New York, 2012 to 2015. */
import { type DailyWeather, loadDailyWeather } from "../recorded-weather/daily-weather.ts"
import type { Reading } from "./readings.ts"

/** All readings by date: two sensors a city. */
export async function loadReadings(): Promise<Reading[]> {
  return (await loadDailyWeather()).flatMap(readingsOf)
}

function readingsOf({ city, date, max, min }: DailyWeather): Reading[] {
  const station = city.toLowerCase().replaceAll(" ", "-")
  return [
    { sensor: `${station}-max`, celsius: max, time: date },
    { sensor: `${station}-min`, celsius: min, time: date },
  ]
}
